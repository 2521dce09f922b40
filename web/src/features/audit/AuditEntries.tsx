import type { ReactNode } from "react";
import { useWords } from "../../lib/i18n";
import { usePages } from "../../lib/query";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { moveBetweenRows } from "../../ui/rows";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { Avatar } from "../presence/Avatar";
import { usePerson } from "../users/people";
import { type AuditFilters, type Entry, fetchEntries, roleOf } from "./entries";
import { type Naming, useNames } from "./names";
import { type Happening, Sentence } from "./Sentence";

interface EntriesProps {
  filters: AuditFilters;
  selected?: string | null;
  /** Where an entry leads; none where the list stands inside something else. */
  hrefOf?: (entry: Entry) => string;
  /** What to say where there is none. */
  none?: ReactNode;
}

export const auditKey = (filters: AuditFilters): string => `audit:${JSON.stringify(filters)}`;

/** A stretch of the log, newest first. */
export function AuditEntries({ filters, selected, hrefOf, none }: EntriesProps) {
  const t = useWords();
  const list = usePages<Entry>(auditKey(filters), (cursor) => fetchEntries(filters, cursor));
  const names = useNames(list.pages?.items ?? []);
  if (list.problem && !list.pages) return <ErrorState problem={list.problem} onRetry={list.reload} />;
  if (!list.pages) return <Skeleton rows={8} />;
  if (list.pages.items.length === 0) {
    return <>{none ?? <EmptyState icon="audit" title={t("audit.none.title")} text={t("audit.none.text")} />}</>;
  }
  return (
    <>
      <ol role="list" className="entries" onKeyDown={moveBetweenRows}>
        {list.pages.items.map((entry) => (
          <Line
            key={entry.id}
            entry={entry}
            names={names}
            selected={entry.id === selected}
            href={hrefOf?.(entry)}
          />
        ))}
      </ol>
      <More list={list} />
    </>
  );
}

interface LineProps {
  entry: Entry;
  names: Naming;
  selected: boolean;
  href: string | undefined;
}

function Line({ entry, names, selected, href }: LineProps) {
  const t = useWords();
  return (
    <li className={`entry ${selected ? "selected" : ""} ${entry.ok ? "" : "failed"}`}>
      <ActorFace id={entry.actorId} />
      <div className="entry-text">
        <p>
          {!entry.ok && <span className="badge bad">{t("audit.failed")}</span>}
          <Sentence of={happeningOf(entry, names, t("audit.system"))} />
        </p>
        <div className="tiny muted">
          {href
            ? (
              <Link
                href={href}
                className="entry-link textlink"
                aria-label={t("audit.openEntry", { action: entry.action })}
              >
                <Time at={entry.at} />
              </Link>
            )
            : <Time at={entry.at} />}
          {entry.reason && <span className="entry-reason">{entry.reason}</span>}
        </div>
      </div>
      <code className="entry-action">{entry.action}</code>
    </li>
  );
}

export function ActorFace({ id }: { id: string | null }) {
  const user = usePerson(id);
  if (user) return <Avatar user={user} size="small" />;
  return (
    <span className="avatar small face-4">
      <Icon name={id === null ? "settings" : "user"} size={14} />
    </span>
  );
}

export function happeningOf(entry: Entry, names: Naming, system: string): Happening {
  const person = (id: string | null, given: string | null): ReactNode => {
    const name = given ?? names.user(id);
    if (id === null) return <b>{system}</b>;
    return (
      <Link href={`/members/${id}`} className="textlink">
        <b>{name ?? `#${id.slice(0, 8)}`}</b>
      </Link>
    );
  };
  const targetsRole = entry.targetType === "role";
  return {
    action: entry.action,
    actor: person(entry.actorId, entry.actorName),
    target: targetsRole ? null : person(entry.targetId, entry.targetName),
    self: entry.actorId !== null && entry.actorId === entry.targetId,
    roleId: targetsRole ? entry.targetId : roleOf(entry.payload),
    payload: entry.payload,
    refused: !entry.ok,
  };
}
