import { type ReactNode, useState } from "react";
import { get, type Page, post } from "../../lib/api";
import { useLanguage, useWords } from "../../lib/i18n";
import { diffGrants } from "../../lib/permissions";
import { asProblem } from "../../lib/problem";
import { invalidate, useQuery } from "../../lib/query";
import { asNumber, asRaw, asText, type Raw, readRole, type Role } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { say, sayProblem } from "../../ui/Toasts";
import { useCan } from "../accounts/session";
import { describe, usePermissions } from "./registry";
import { place, refreshRoles, roles } from "./roles";

interface Version {
  version: number;
  actor: string | null;
  at: string | null;
  snapshot: Role;
  reason: string | null;
}

function readVersion(value: unknown): Version {
  const raw: Raw = asRaw(value);
  return {
    version: asNumber(raw["version"]) ?? 0,
    actor: asText(raw["actor_user_id"]),
    at: asText(raw["at"]),
    snapshot: readRole(raw["snapshot"]),
    reason: asText(raw["reason"]),
  };
}

/** Every version of a role, newest first, with what changed; any can be taken up again. */
export function RoleHistory({ role, person }: { role: Role; person: (id: string) => ReactNode }) {
  const t = useWords();
  const manages = useCan("roles.manage");
  const [busy, setBusy] = useState<number | null>(null);
  const key = `role:${role.id}:history`;
  const { data, problem, reload } = useQuery(
    `${key}:${role.version ?? 0}`,
    async () => (await get<Page<unknown>>(`/roles/${role.id}/history`, { limit: 100 })).items.map(readVersion),
  );
  const takeUp = async (version: number) => {
    setBusy(version);
    const before = role.version;
    try {
      const saved = readRole(await post(`/roles/${role.id}/rollback`, { version }));
      if (saved.id) place(saved);
      refreshRoles();
      invalidate(key);
      say("history.rolledBack", { count: version }, before === undefined ? undefined : () => void takeUp(before));
    } catch (error) {
      sayProblem(asProblem(error));
    } finally {
      setBusy(null);
    }
  };
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={5} />;
  if (data.length === 0) {
    return <EmptyState icon="history" title={t("history.none.title")} text={t("history.none.text")} />;
  }
  const sorted = [...data].sort((a, b) => b.version - a.version);
  return (
    <ol role="list" className="versions">
      {sorted.map((each, index) => (
        <li key={each.version} className="version">
          <div className="version-head">
            <strong className="num">{t("history.version", { count: each.version })}</strong>
            <span className="muted tiny">
              {each.actor === null ? t("audit.system") : person(each.actor)} · <Time at={each.at} />
            </span>
            {index === 0 ? <span className="badge ok">{t("history.current")}</span> : manages && (
              <Button
                look="quiet"
                icon="undo"
                busy={busy === each.version}
                onClick={() => void takeUp(each.version)}
              >
                {t("history.takeUp")}
              </Button>
            )}
          </div>
          <Changes now={each.snapshot} before={sorted[index + 1]?.snapshot} />
        </li>
      ))}
    </ol>
  );
}

const fields = ["name", "description", "color", "priority"] as const;

function Changes({ now, before }: { now: Role; before: Role | undefined }) {
  const t = useWords();
  const of = useLanguage();
  const registry = usePermissions();
  if (!before) return <p className="tiny muted">{t("history.first")}</p>;
  const grants = diffGrants(before, now);
  const edited = fields.filter((field) => before[field] !== now[field]);
  const names = (ids: readonly string[]) => ids.map((id) => roles.get().byId[id]?.name ?? id).join(", ") || "–";
  const heirs = before.inherits.join() !== now.inherits.join();
  if (grants.length + edited.length === 0 && !heirs) return <p className="tiny muted">{t("history.same")}</p>;
  return (
    <ul role="list" className="changes tiny">
      {edited.map((field) => (
        <li key={field}>
          <span>{t(`role.${field}`)}</span> <s>{before[field] ?? "–"}</s> → {now[field] ?? "–"}
        </li>
      ))}
      {heirs && (
        <li>
          <span>{t("role.inherits")}</span> <s>{names(before.inherits)}</s> → {names(now.inherits)}
        </li>
      )}
      {grants.map((each) => (
        <li key={each.key} title={describe(registry, each.key, of)}>
          <span className={`sign ${each.to}`}>{each.to === "allow" ? "+" : each.to === "deny" ? "×" : "−"}</span>
          <code>{each.key}</code>
          <span className="hidden">{t(`permissions.${each.to}`)}</span>
        </li>
      ))}
    </ul>
  );
}
