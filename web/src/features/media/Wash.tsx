import "./wash.css";
import type { Title } from "./titles";

/** The background of a title: its picture; without one, its poster out of focus. */
export function Wash({ title }: { title: Pick<Title, "poster" | "backdrop"> }) {
  const picture = title.backdrop ?? title.poster;
  return (
    <span className={`wash ${title.backdrop ? "" : "blurred"}`} aria-hidden="true">
      {picture && <img src={picture} alt="" decoding="async" />}
    </span>
  );
}
