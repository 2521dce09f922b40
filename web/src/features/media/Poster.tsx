import "./posters.css";
import { useState } from "react";
import { Icon } from "../../ui/Icon";
import type { Title } from "./titles";

interface PosterProps {
  title: Pick<Title, "name" | "poster">;
  /** Loads at once: the poster is visible without scrolling. */
  eager?: boolean;
  className?: string;
}

/** A poster that keeps its place while it loads. Its alternative text is empty, because the title stands beside it. */
export function Poster({ title, eager = false, className = "" }: PosterProps) {
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span className={`poster ${className}`}>
      {title.poster && broken !== title.poster
        ? (
          <img
            src={title.poster}
            alt=""
            width={200}
            height={300}
            decoding="async"
            loading={eager ? "eager" : "lazy"}
            onError={() => setBroken(title.poster)}
          />
        )
        : (
          <span className="poster-none" aria-hidden="true">
            <Icon name="film" size={22} />
            <span>{title.name}</span>
          </span>
        )}
    </span>
  );
}
