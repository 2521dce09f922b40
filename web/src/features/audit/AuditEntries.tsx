import { type ReactNode, useId, useState } from "react";
import { useWords, type Words } from "../../lib/i18n";
import { usePages } from "../../lib/query";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { moveBetweenRows } from "../../ui/rows";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { Avatar } from "../presence/Avatar";
import { usePerson } from "../users/people";
import { inBursts } from "./bursts";
import { actionTitle, type AuditFilters, type Entry, fetchEntries, roleOf } from "./entries";
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
        {inBursts(list.pages.items).map((run) => (
          <Burst
            key={run[0]?.id}
            entries={run}
            names={names}
            selected={selected ?? null}
            {...(hrefOf ? { hrefOf } : {})}
          />
        ))}
      </ol>
      <More list={list} />
    </>
  );
}

interface BurstProps {
  entries: readonly Entry[];
  names: Naming;
  selected: string | null;
  hrefOf?: (entry: Entry) => string;
}

/** The first of a burst, and the others on demand. */
function Burst({ entries, names, selected, hrefOf }: BurstProps) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  const [first, ...rest] = entries;
  if (!first) return null;
  const shown = open ? entries : [first];
  return (
    <>
      {shown.map((entry) => (
        <Line
          key={entry.id}
          entry={entry}
          names={names}
          selected={entry.id === selected}
          href={hrefOf?.(entry)}
          after={entry === first && rest.length > 0 && (
            <button
              type="button"
              className="link burst"
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              {open ? t("audit.burst.less") : t("audit.burst", { count: rest.length })}
            </button>
          )}
        />
      ))}
    </>
  );
}

interface LineProps {
  entry: Entry;
  names: Naming;
  selected: boolean;
  href: string | undefined;
  after?: ReactNode;
}

function Line({ entry, names, selected, href, after }: LineProps) {
  const t = useWords();
  const id = useId();
  return (
    <li className={`entry ${selected ? "selected" : ""} ${entry.ok ? "" : "failed"}`}>
      <ActorFace id={entry.actorId} />
      <div className="entry-text">
        <p id={id}>
          {!entry.ok && <span className="badge bad">{t("audit.failed")}</span>}
          <Sentence of={happeningOf(entry, names, t)} />
        </p>
        <div className="tiny muted">
          {href
            ? (
              <Link
                id={`${id}-open`}
                href={href}
                className="entry-link textlink"
                aria-labelledby={`${id} ${id}-open`}
              >
                <Time at={entry.at} />
              </Link>
            )
            : <Time at={entry.at} />}
          {entry.reason && <span className="entry-reason">{entry.reason}</span>}
          {after}
        </div>
      </div>
      <span className="entry-action tiny muted">{actionTitle(entry.action, t)}</span>
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

export function happeningOf(entry: Entry, names: Naming, t: Words): Happening {
  const person = (id: string | null, given: string | null): ReactNode => {
    const name = given ?? names.user(id);
    if (id === null) return <b>{t("audit.system")}</b>;
    return (
      <Link href={`/panel/members/${id}`} className="textlink">
        <b>{name ?? t("feed.someone")}</b>
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
