import "./rows.css";
import { memo, type ReactNode, useRef } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { useGridFocus } from "../../ui/useGridFocus";
import { useWaiting } from "../../ui/Waiting";
import { setMark, useStanding } from "./catalogue";
import { outOfTen } from "./figures";
import type { Toggle } from "./marks";
import { Poster } from "./Poster";
import { pathOf, type Title } from "./titles";

interface PostersProps {
  label: string;
  titles: readonly Title[];
  /** A grid that goes on downwards, or one line that goes on sideways. */
  look?: "grid" | "line";
  /** Replaces rating and year below a title. */
  meta?: (title: Title) => ReactNode;
  eager?: boolean;
  /** The titles are suggestions: one that the member hides disappears. */
  suggests?: boolean;
}

/** Poster cards: the arrows move between cards, Tab moves to the actions of the focused card. */
export function Posters({ label, titles, look = "grid", meta, eager = false, suggests = false }: PostersProps) {
  const { active, onFocus, onKeyDown } = useGridFocus(".film-link", titles.length);
  return (
    <ul role="list" aria-label={label} className={`posters ${look}`} onFocus={onFocus} onKeyDown={onKeyDown}>
      {titles.map((title, index) => (
        <PosterCard
          key={title.id}
          title={title}
          index={index}
          isStop={index === active}
          meta={meta}
          eager={eager}
          suggests={suggests}
        />
      ))}
    </ul>
  );
}

interface CardProps {
  title: Title;
  index: number;
  isStop: boolean;
  meta: ((title: Title) => ReactNode) | undefined;
  eager: boolean;
  suggests: boolean;
}

const PosterCard = memo(function PosterCard({ title, index, isStop, meta, eager, suggests }: CardProps) {
  const of = useLanguage();
  const { counts, state } = useStanding(title);
  if (suggests && state.hidden) return null;
  const more = meta?.(title);
  return (
    <li className="film-card" data-card={index}>
      <Link href={pathOf(title)} className="film-link" tabIndex={isStop ? 0 : -1}>
        <Poster title={title} eager={eager} />
        <span className="film-name cut">{title.name}</span>
      </Link>
      <span className="film-meta">
        {more ?? (
          <>
            {counts.average !== null && <span className="film-note num">{outOfTen(counts.average, of)}</span>}
            <span className="num cut">{title.year ?? ""}</span>
          </>
        )}
      </span>
      {state.seen && (
        <span className="film-seen" aria-hidden="true">
          <Icon name="check" size={14} />
        </span>
      )}
      <div className="film-quick">
        <Quick title={title} mark="like" tabIndex={isStop ? 0 : -1} />
        <Quick title={title} mark="watchlist" tabIndex={isStop ? 0 : -1} />
      </div>
    </li>
  );
});

const icons = { like: "heart", favorite: "star", watchlist: "bookmark", seen: "check", hidden: "hide" } as const;

export const iconOf = (mark: Toggle) => icons[mark];

function Quick({ title, mark, tabIndex }: { title: Title; mark: "like" | "watchlist"; tabIndex: number }) {
  const t = useWords();
  const on = useStanding(title).state[mark];
  const label = t("films.mark.label", { mark: t(`films.mark.${mark}`), title: title.name });
  return (
    <button
      type="button"
      className={`film-act ${mark}`}
      aria-pressed={on}
      aria-label={label}
      title={t(`films.mark.${mark}`)}
      tabIndex={tabIndex}
      onClick={() => setMark(title.id, mark, !on)}
    >
      <Icon name={icons[mark]} />
    </button>
  );
}

/** Titles in one line under a heading, with buttons that scroll sideways. */
export function PosterRow({ id, heading, link, children }: {
  id: string;
  heading: string;
  link?: { href: string; label: string } | null;
  children: ReactNode;
}) {
  const t = useWords();
  const box = useRef<HTMLDivElement>(null);
  const scroll = (by: 1 | -1) => {
    const line = box.current?.querySelector<HTMLElement>(".posters");
    line?.scrollBy({ left: by * line.clientWidth * 0.9, behavior: "smooth" });
  };
  return (
    <section aria-labelledby={id}>
      <div className="film-row-head">
        <h2 id={id}>{heading}</h2>
        {link && <Link href={link.href} className="link small">{link.label}</Link>}
        <span className="film-row-steps">
          <button
            type="button"
            className="icon-btn"
            aria-label={t("films.row.back", { row: heading })}
            onClick={() => scroll(-1)}
          >
            <Icon name="left" />
          </button>
          <button
            type="button"
            className="icon-btn"
            aria-label={t("films.row.on", { row: heading })}
            onClick={() => scroll(1)}
          >
            <Icon name="right" />
          </button>
        </span>
      </div>
      <div ref={box}>{children}</div>
    </section>
  );
}

/** Placeholders of posters while they load. */
export function PosterShapes({ count, look = "grid" }: { count: number; look?: "grid" | "line" }) {
  const t = useWords();
  useWaiting();
  return (
    <div className="skeletons posters-coming">
      <span className="hidden">{t("common.loading")}</span>
      <div className={`posters ${look}`} aria-hidden="true">
        {Array.from({ length: count }, (_, index) => (
          <div key={index} className="film-card">
            <span className="poster skeleton-poster" />
            <i className="skeleton-line" />
            <i className="skeleton-line short" />
          </div>
        ))}
      </div>
    </div>
  );
}
