import "../media/chips.css";
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
  families,
  fetchHistory,
  type HistoryEntry,
  iconOf,
  isPrivate,
  monthLabel,
  monthsBefore,
  pathOfTarget,
  sentenceOf,
} from "./entries";
import { historyKey } from "./profile";
import type { PartProps } from "./ProfilePage";

/** A member's history, day by day. The filters are in the address. */
export function History({ profile, isMine }: PartProps) {
  const t = useWords();
  const of = useLanguage();
  const [query, change] = useQueryState();
  const family = families.find((each) => each === query["type"]) ?? null;
  const month = /^\d{4}-\d{2}$/.test(query["month"] ?? "") ? query["month"] ?? null : null;
  const months = useMemo(() => monthsBefore(new Date()), []);
  const list = usePages<HistoryEntry>(
    `profile:${profile.user.id}:history:${family}:${month}`,
    (cursor) => fetchHistory(profile.user.id, { family, month }, cursor),
    { about: [historyKey(profile.user.id), ...(isMine ? [myMarks] : [])], fresh: 0 },
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
              <Days entries={list.pages.items} isMine={isMine} />
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

function Days({ entries, isMine }: { entries: readonly HistoryEntry[]; isMine: boolean }) {
  const t = useWords();
  const of = useLanguage();
  const clock = useStore(now);
  return (
    <div className="history">
      {byDay(entries).map(({ key, at, entries: some }) => {
        const label = dayLabel(at, clock, of);
        return (
          <section key={key} aria-labelledby={`day-${key}`}>
            <h2 id={`day-${key}`}>{"key" in label ? t(label.key) : label.text}</h2>
            <ol role="list" className="history-day">
              {some.map((entry) => <EntryRow key={entry.id} entry={entry} isMine={isMine} />)}
            </ol>
          </section>
        );
      })}
    </div>
  );
}

function EntryRow({ entry, isMine }: { entry: HistoryEntry; isMine: boolean }) {
  const t = useWords();
  const of = useLanguage();
  const at = Date.parse(entry.at);
  return (
    <li className="history-entry">
      <span className="history-entry-icon">
        <Icon name={iconOf(entry.type)} />
      </span>
      <span className="history-entry-text">
        <Sentence entry={entry} />
      </span>
      {isMine && isPrivate(entry.type) && (
        <span className="history-entry-private tiny muted">
          <Icon name="lock" size={14} />
          {t("history.onlyYou")}
        </span>
      )}
      <time className="tiny muted num" dateTime={entry.at} title={exact(at, of)}>
        {new Intl.DateTimeFormat(locale(of), { hour: "2-digit", minute: "2-digit" }).format(at)}
      </time>
    </li>
  );
}

/** The sentence of an entry, with its target as a link. */
function Sentence({ entry }: { entry: HistoryEntry }) {
  const t = useWords();
  const of = useLanguage();
  const { key, values } = sentenceOf(entry, (stars) => noteOf(stars, of));
  const { season, number } = values;
  const episode: Values = season !== undefined && number !== undefined
    ? { episode: t("films.episode.short", { season, number }) }
    : {};
  const name = entry.target.name ?? "–";
  const path = pathOfTarget(entry);
  const pieces = t(key, { ...values, ...episode }).split("{target}");
  return (
    <>
      {pieces.map((piece, index) => (
        <span key={index}>
          {index > 0 &&
            (path ? <Link className="textlink history-entry-target" href={path}>{name}</Link> : <b>{name}</b>)}
          {piece}
        </span>
      ))}
    </>
  );
}
