import { useEffect } from "react";
import { useWords } from "../../lib/i18n";
import { gateway } from "../../lib/live";
import { nameOf } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { typing } from "./live";

/** The people who are typing. The line is always there, so that nothing moves. */
export function Typing({ id }: { id: string }) {
  const t = useWords();
  const now = useStore(typing, (all) => all[id]);
  useEffect(() => gateway.subscribe(`typing:${id}`, () => undefined), [id]);
  const names = (now?.users ?? []).map(nameOf);
  const [one = "", two = ""] = names;
  if (names.length === 0) return <span className="typing" />;
  return (
    <span className="typing">
      <i aria-hidden="true" />
      {names.length === 1
        ? t("chat.typing.one", { one })
        : names.length === 2
        ? t("chat.typing.two", { one, two })
        : t("chat.typing.many")}
    </span>
  );
}
