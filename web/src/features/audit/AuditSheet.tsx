import { get } from "../../lib/api";
import { useLanguage, useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { asRaw, type Raw } from "../../lib/resources";
import { IconButton } from "../../ui/Button";
import { Sheet } from "../../ui/Sheet";
import { useTitle } from "../../ui/title";
import { ErrorState, Skeleton } from "../../ui/States";
import { exact } from "../../lib/time";
import { useStore } from "../../lib/store";
import { roles } from "../roles/roles";
import { ActorFace, happeningOf } from "./AuditEntries";
import { actionTitle, type Entry, readEntry } from "./entries";
import { fieldLabel, fieldValue } from "./fields";
import { useNames } from "./names";
import { Sentence } from "./Sentence";

/** One entry whole: before and after, from where, and where it stands in the chain. */
export function AuditSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useWords();
  const { data, problem, reload } = useQuery(
    `audit-entry:${id}`,
    async () => readEntry(await get<unknown>(`/audit/${encodeURIComponent(id)}`)),
  );
  useTitle(t("audit.entry"));
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
  const of = useLanguage();
  const names = useNames([entry]);
  const { raw } = entry;
  const facts: [string, JSX.Element | string | null][] = [
    [t("audit.action"), <span key="action">{actionTitle(entry.action, t)}</span>],
    [
      t("audit.result"),
      <span key="result" className={`badge ${entry.ok ? "ok" : "bad"}`}>
        {t(entry.ok ? "audit.success" : "audit.failed")}
      </span>,
    ],
    [t("audit.when"), <span key="at">{entry.at && exact(Date.parse(entry.at), of)}</span>],
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
          <Sentence of={happeningOf(entry, names, t)} />
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

/** Before and after, field by field; what is neither stands as it is. */
function Payload({ payload }: { payload: Raw }) {
  const t = useWords();
  const of = useLanguage();
  const byId = useStore(roles, (all) => all.byId);
  const show = (name: string, value: unknown) => fieldValue(name, value, { t, of, roles: byId });
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
            <dt>{fieldLabel(name, t)}</dt>
            {name in before && (
              <dd className="was">
                <span className="hidden">{t("audit.before")}</span>
                {show(name, before[name])}
              </dd>
            )}
            {name in after && (
              <dd className="is">
                <span className="hidden">{t("audit.after")}</span>
                {show(name, after[name])}
              </dd>
            )}
          </div>
        ))}
        {rest.map(([name, value]) => (
          <div key={name}>
            <dt>{fieldLabel(name, t)}</dt>
            <dd>{show(name, value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
