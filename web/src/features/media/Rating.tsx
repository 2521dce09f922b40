import "./rating.css";
import { type KeyboardEvent, useRef } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import { nameOf, readUser } from "../../lib/resources";
import { Avatar } from "../presence/Avatar";
import { setMark, useStanding } from "./catalogue";
import { noteOf, outOfTen } from "./figures";
import { recounted } from "./marks";
import type { Detail } from "./titles";

const notes = Array.from({ length: 10 }, (_, index) => (index + 1) / 2);

/**
 * The chart of a title's ratings, whose bars set my own. One Tab stop: the arrows go from bar to bar, and pressing my rating again removes
 * it.
 */
export function Rating({ title }: { title: Detail }) {
  const t = useWords();
  const of = useLanguage();
  const group = useRef<HTMLDivElement>(null);
  const { state, counts } = useStanding(title);
  const mine = state.rating;
  const bars = title.histogram && recounted(title.histogram, title.standing.state.rating, mine);
  const most = Math.max(1, ...(bars ?? []));
  const stop = mine ?? 5;
  // Nobody had rated it when it was loaded: a low chart, which my own first rating does not make grow.
  const isLow = title.histogram?.every((count) => count === 0) && !title.friends.some(({ rating }) => rating !== null);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const buttons = [...(group.current?.querySelectorAll<HTMLElement>("button") ?? [])];
    const at = buttons.indexOf(event.target as HTMLElement);
    const to =
      { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, Home: 0, End: 9 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    buttons[Math.min(Math.max(to, 0), 9)]?.focus();
  };
  return (
    <div className="rate">
      <div className="rate-head">
        <b className="num">{counts.average === null ? "–" : outOfTen(counts.average, of)}</b>
        <span className="tiny">
          {t("films.rate.of")}
          <br />
          <span className="num">{t("films.rate.count", { count: counts.ratings })}</span>
        </span>
        <span className="rate-mine tiny">
          {t("films.rate.yours")}
          <br />
          <b className="num">{mine === null ? "–" : noteOf(mine, of)}</b>
        </span>
      </div>
      <div
        ref={group}
        className={`rate-bars ${isLow ? "low" : ""}`}
        role="group"
        aria-label={t("films.rate", { title: title.name })}
        onKeyDown={onKeyDown}
      >
        {notes.map((note, index) => {
          const count = bars?.[index];
          const value = noteOf(note, of);
          const friends = title.friends.filter(({ rating }) => rating !== null && Math.ceil(rating * 2) === index + 1);
          return (
            <button
              key={note}
              type="button"
              aria-pressed={mine === note}
              aria-label={[
                count === undefined ? t("films.rate.value", { value }) : t("films.rate.bar", { value, count }),
                ...(friends.length > 0
                  ? [t("films.rate.friends", { names: friends.map(({ user }) => nameOf(readUser(user))).join(", ") })]
                  : []),
              ].join(". ")}
              tabIndex={note === stop ? 0 : -1}
              onClick={() => setMark(title.id, "rating", mine === note ? null : note)}
            >
              {friends[0] && <Avatar user={readUser(friends[0].user)} size="small" />}
              <i
                style={{
                  height: count === undefined
                    ? "14px"
                    : `${Math.max(4, Math.round((count / most) * (isLow ? 16 : 46)))}px`,
                }}
              />
              <span className="num">{value}</span>
            </button>
          );
        })}
      </div>
      <div className="rate-foot">
        {mine !== null && (
          <button type="button" className="link tiny" onClick={() => setMark(title.id, "rating", null)}>
            {t("films.rate.clear")}
          </button>
        )}
      </div>
    </div>
  );
}
