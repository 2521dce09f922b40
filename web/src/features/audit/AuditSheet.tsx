import { get } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { asRaw, type Raw } from "../../lib/resources";
import { IconButton } from "../../ui/Button";
import { Sheet } from "../../ui/Sheet";
import { ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { ActorFace, happeningOf } from "./AuditEntries";
import { type Entry, readEntry } from "./entries";
import { useNames } from "./names";
import { Sentence } from "./Sentence";

/** One entry whole: before and after, from where, and where it stands in the chain. */
export function AuditSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useWords();
  const { data, problem, reload } = useQuery(
    `audit-entry:${id}`,
    async () => readEntry(await get<unknown>(`/audit/${encodeURIComponent(id)}`)),
  );
  return (
    <Sheet label={t("audit.entry")}>
      <div className="sheet-bar">
        <IconButton icon="close" label={t("common.close")} onClick={onClose} />
      </div>
      {problem && !data && <ErrorState problem={problem} onRetry={reload} />}
      {!problem && !data && <Skeleton rows={5} shape="line" />}
      {data && <Body entry={data} />}
    </Sheet>
  );
}

function Body({ entry }: { entry: Entry }) {
  const t = useWords();
  const names = useNames([entry]);
  const { raw } = entry;
  const facts: [string, JSX.Element | string | null][] = [
    [t("audit.action"), <code key="action">{entry.action}</code>],
    [
      t("audit.result"),
      <span key="result" className={`badge ${entry.ok ? "ok" : "bad"}`}>
        {t(entry.ok ? "audit.success" : "audit.failed")}
      </span>,
    ],
    [t("audit.when"), <Time key="at" at={entry.at} />],
    [t("audit.reason"), entry.reason],
    [t("audit.ip"), entry.ip],
    [t("audit.agent"), entry.agent],
    [t("problem.request"), entry.requestId && <code key="request">{entry.requestId}</code>],
    [t("audit.id"), <code key="id">{entry.id}</code>],
    [t("audit.hash"), short(raw["hash"])],
    [t("audit.previous"), short(raw["previous_hash"] ?? raw["prev_hash"])],
  ];
  return (
    <div className="stack">
      <div className="entry-head">
        <ActorFace id={entry.actorId} />
        <p>
          <Sentence of={happeningOf(entry, names, t("audit.system"))} />
        </p>
      </div>
      <dl className="facts">
        {facts.map(([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          )
        )}
      </dl>
      <Payload payload={entry.payload} />
    </div>
  );
}

const short = (hash: unknown): JSX.Element | null =>
  typeof hash === "string" && hash !== "" ? <code title={hash}>{hash.slice(0, 16)}…</code> : null;

const show = (value: unknown): string =>
  value === null || value === undefined ? "–" : typeof value === "string" ? value : JSON.stringify(value);

/** Before and after, field by field; what is neither stands as it is. */
function Payload({ payload }: { payload: Raw }) {
  const t = useWords();
  const before = asRaw(payload["before"]);
  const after = asRaw(payload["after"]);
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const rest = Object.entries(payload).filter(([name]) => name !== "before" && name !== "after" && name !== "reason");
  if (fields.length + rest.length === 0) return null;
  return (
    <section className="stack tight" aria-label={t("audit.changes")}>
      <h2>{t("audit.changes")}</h2>
      <dl className="payload">
        {fields.map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            {name in before && (
              <dd className="was">
                <span className="hidden">{t("audit.before")}</span>
                {show(before[name])}
              </dd>
            )}
            {name in after && (
              <dd className="is">
                <span className="hidden">{t("audit.after")}</span>
                {show(after[name])}
              </dd>
            )}
          </div>
        ))}
        {rest.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{show(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
