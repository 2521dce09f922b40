import { Slot } from "../../contract/Part";
import { useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { invalidate } from "../../lib/query";
import { readRole, type Role } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { say, sayProblem } from "../../ui/Toasts";
import { useCan } from "../accounts/session";
import { askingLockOut } from "./lockOut";
import { useRegistry } from "./registry";
import { RoleChanges } from "./RoleChanges";
import { place, refreshRoles } from "./roles";
import { useVersions } from "./versions";

interface HistoryProps {
  role: Role;
  /** Something is edited and not saved: going back would be lost under it. */
  editing: boolean;
}

/** Every version of a role, newest first, with what changed; any can be taken up again. */
export function RoleHistory({ role, editing }: HistoryProps) {
  const t = useWords();
  const manages = useCan("roles.manage");
  const [busy, setBusy] = useState<number | null>(null);
  const { data, problem, reload } = useVersions(role);
  // The words for what changed: they come with the versions, not after them.
  const registry = useRegistry();
  const takeUp = async (version: number, from: number | undefined, undoing = false) => {
    setBusy(version);
    try {
      await askingLockOut(async (confirm) => {
        const saved = readRole(await post(`/roles/${role.id}/rollback`, { version, confirm }, { version: from }));
        if (saved.id) place(saved);
        refreshRoles();
        invalidate(`role:${role.id}`);
        const back = from === undefined || undoing ? undefined : () => void takeUp(from, saved.version, true);
        say("history.rolledBack", { count: version }, back);
      });
    } catch (error) {
      sayProblem(asProblem(error));
    } finally {
      setBusy(null);
    }
  };
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data || (!registry.data && !registry.problem)) return <Skeleton rows={5} />;
  if (data.length === 0) {
    return <EmptyState icon="history" title={t("history.none.title")} text={t("history.none.text")} />;
  }
  return (
    <ol role="list" className="versions" aria-label={t("role.history")}>
      {data.map((each, index) => {
        const before = data[index + 1]?.snapshot;
        return (
          <li key={each.version} className="version">
            <div className="version-head">
              <strong className="num">{t("history.version", { count: each.version })}</strong>
              <span className="muted tiny">
                {each.actor === null ? t("audit.system") : <Slot name="person" id={each.actor} />} ·{" "}
                <Time at={each.at} />
              </span>
              {index === 0 ? <span className="badge ok">{t("history.current")}</span> : manages && !editing && (
                <Button
                  look="quiet"
                  icon="undo"
                  busy={busy === each.version}
                  aria-label={t("history.takeUpVersion", { count: each.version })}
                  onClick={() => void takeUp(each.version, role.version)}
                >
                  {t("history.takeUp")}
                </Button>
              )}
            </div>
            {each.deletion !== null
              ? <p className="tiny muted">{t(each.deletion ? "history.deleted" : "history.restored")}</p>
              : before
              ? <RoleChanges before={before} now={each.snapshot} />
              : <p className="tiny muted">{t(each.version === 1 ? "history.first" : "history.older")}</p>}
          </li>
        );
      })}
    </ol>
  );
}
