import "./actions.css";
import { useLanguage, useWords } from "../../lib/i18n";
import { formatNumber } from "../../lib/i18n";
import { Icon } from "../../ui/Icon";
import { setMark, useStanding } from "./catalogue";
import type { Toggle } from "./marks";
import { iconOf } from "./Posters";
import type { Counts, Title } from "./titles";

const shown: readonly { mark: Toggle; count: keyof Counts | null }[] = [
  { mark: "like", count: "like" },
  { mark: "favorite", count: "favorite" },
  { mark: "watchlist", count: "watchlist" },
  { mark: "seen", count: null },
];

/** The buttons of a title's marks, with their counters. */
export function Actions({ title }: { title: Title }) {
  const t = useWords();
  const of = useLanguage();
  const { state, counts } = useStanding(title);
  return (
    <div className="title-acts" role="group" aria-label={t("films.marks")}>
      {shown.map(({ mark, count }) => (
        <button
          key={mark}
          type="button"
          className={`title-act ${mark}`}
          aria-pressed={state[mark]}
          onClick={() => setMark(title.id, mark, !state[mark])}
        >
          <Icon name={iconOf(mark)} size={20} />
          <span>
            {mark === "seen" && title.kind === "series"
              ? t("films.mark.all")
              : t(`films.mark.${mark}` as "films.mark.seen")}
          </span>
          <span className="num tiny">{count === null ? "\u00a0" : formatNumber(counts[count] ?? 0, of)}</span>
        </button>
      ))}
    </div>
  );
}
