import { useMemo } from "react";
import { locale, useLanguage, useWords, type Values } from "../../lib/i18n";
import { usePages } from "../../lib/query";
import { useQueryState } from "../../lib/router";
import { useStore } from "../../lib/store";
import { exact, now } from "../../lib/time";
import { Button } from "../../ui/Button";
import { FilterSelect } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { myMarks } from "../media/catalogue";
import { noteOf } from "../media/figures";
import {
  byDay,
  dayLabel,
  type Deed,
  families,
  fetchHistory,
  iconOfDeed,
  isPrivate,
  monthLabel,
  monthsBefore,
  pathOfTarget,
  sentenceOf,
} from "./deeds";
import { deedsOf } from "./profile";
import type { PartProps } from "./ProfilePage";

/** What somebody did, day by day; what is shown of it is in the address. */
export function History({ profile, isMine }: PartProps) {
  const t = useWords();
  const of = useLanguage();
  const [query, change] = useQueryState();
  const family = families.find((each) => each === query["type"]) ?? null;
  const month = /^\d{4}-\d{2}$/.test(query["month"] ?? "") ? query["month"] ?? null : null;
  const months = useMemo(() => monthsBefore(new Date()), []);
  const list = usePages<Deed>(
    `profile:${profile.user.id}:history:${family}:${month}`,
    (cursor) => fetchHistory(profile.user.id, { family, month }, cursor),
    { about: [deedsOf(profile.user.id), ...(isMine ? [myMarks] : [])], fresh: 0 },
  );
  const shown = families.filter((each) => isMine || each !== "session");
  return (
    <>
      <div className="history-bar">
        <div className="profile-chips" role="group" aria-label={t("history.filter")}>
          {[null, ...shown].map((each) => (
            <button
              key={each ?? "all"}
              type="button"
              className="chip-button"
              aria-pressed={each === family}
              onClick={() => change({ type: each })}
            >
              {t(`history.of.${each ?? "all"}`)}
            </button>
          ))}
        </div>
        <div className="history-more">
          <FilterSelect
            label={t("history.month")}
            value={month ?? ""}
            onChange={(event) => change({ month: event.target.value })}
          >
            <option value="">{t("history.month.all")}</option>
            {months.map((each) => <option key={each} value={each}>{monthLabel(each, of)}</option>)}
          </FilterSelect>
          {isMine && (
            <>
              <Export format="csv" />
              <Export format="json" />
            </>
          )}
        </div>
      </div>
      {list.pages
        ? list.pages.items.length > 0
          ? (
            <>
              <Days deeds={list.pages.items} isMine={isMine} />
              <More list={list} />
            </>
          )
          : (
            <EmptyState
              icon="history"
              title={t("history.none.title")}
              text={t(family || month ? "history.none.filter" : "history.none.text")}
            >
              {(family || month) && (
                <Button onClick={() => change({ type: null, month: null })}>{t("films.filters.clear")}</Button>
              )}
            </EmptyState>
          )
        : list.problem
        ? <ErrorState problem={list.problem} onRetry={list.reload} />
        : <Skeleton rows={8} />}
    </>
  );
}

function Export({ format }: { format: "csv" | "json" }) {
  const t = useWords();
  const label = `${t("history.export")}: ${t(`history.export.${format}`)}`;
  return (
    <a
      className="btn"
      href={`/api/v1/users/me/history?format=${format}`}
      download={`history.${format}`}
      aria-label={label}
      title={label}
    >
      <Icon name="export" />
      <span>{format.toUpperCase()}</span>
    </a>
  );
}

function Days({ deeds, isMine }: { deeds: readonly Deed[]; isMine: boolean }) {
  const t = useWords();
  const of = useLanguage();
  const clock = useStore(now);
  return (
    <div className="history">
      {byDay(deeds).map(({ key, at, deeds: some }) => {
        const label = dayLabel(at, clock, of);
        return (
          <section key={key} aria-labelledby={`day-${key}`}>
            <h2 id={`day-${key}`}>{"key" in label ? t(label.key) : label.text}</h2>
            <ol role="list" className="history-day">
              {some.map((deed) => <DeedRow key={deed.id} deed={deed} isMine={isMine} />)}
            </ol>
          </section>
        );
      })}
    </div>
  );
}

function DeedRow({ deed, isMine }: { deed: Deed; isMine: boolean }) {
  const t = useWords();
  const of = useLanguage();
  const at = Date.parse(deed.at);
  return (
    <li className="deed">
      <span className="deed-icon">
        <Icon name={iconOfDeed(deed.type)} />
      </span>
      <span className="deed-text">
        <Sentence deed={deed} />
      </span>
      {isMine && isPrivate(deed.type) && (
        <span className="deed-private tiny muted">
          <Icon name="lock" size={14} />
          {t("history.onlyYou")}
        </span>
      )}
      <time className="tiny muted num" dateTime={deed.at} title={exact(at, of)}>
        {new Intl.DateTimeFormat(locale(of), { hour: "2-digit", minute: "2-digit" }).format(at)}
      </time>
    </li>
  );
}

/** The sentence with its target in its place, as a link where it has a page. */
function Sentence({ deed }: { deed: Deed }) {
  const t = useWords();
  const of = useLanguage();
  const { key, values } = sentenceOf(deed, (stars) => noteOf(stars, of));
  const { season, number } = values;
  const episode: Values = season !== undefined && number !== undefined
    ? { episode: t("films.episode.short", { season, number }) }
    : {};
  const name = deed.target.name ?? "–";
  const path = pathOfTarget(deed);
  const pieces = t(key, { ...values, ...episode }).split("{target}");
  return (
    <>
      {pieces.map((piece, index) => (
        <span key={index}>
          {index > 0 && (path ? <Link className="textlink deed-target" href={path}>{name}</Link> : <b>{name}</b>)}
          {piece}
        </span>
      ))}
    </>
  );
}
