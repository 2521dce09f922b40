import { useLanguage, useWords } from "../../lib/i18n";
import { diffGrants } from "../../lib/permissions";
import type { Role } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { describe, usePermissions } from "./registry";
import { RoleDot } from "./RoleChip";
import { roles } from "./roles";
import { roleTitle } from "../../lib/roleTitle";

const fields = ["name", "description", "color", "priority"] as const;

/** What lies between two versions of a role, a sentence each: "Now allows: See the members". */
export function RoleChanges({ before, now }: { before: Role; now: Role }) {
  const t = useWords();
  const of = useLanguage();
  const registry = usePermissions();
  const byId = useStore(roles, (all) => all.byId);
  const grants = diffGrants(before, now);
  const edited = fields.filter((field) => before[field] !== now[field]);
  const name = (id: string) => roleTitle(byId[id]?.name ?? `#${id.slice(0, 8)}`, t);
  const fresh = now.inherits.filter((id) => !before.inherits.includes(id));
  const gone = before.inherits.filter((id) => !now.inherits.includes(id));
  if (grants.length + edited.length + fresh.length + gone.length === 0) {
    return <p className="tiny muted">{t("history.same")}</p>;
  }
  return (
    <ul role="list" className="changes">
      {edited.map((field) => (
        <li key={field}>
          <span className="muted">{t(`role.${field}`)}</span> <Value field={field} role={before} old />{" "}
          <span aria-hidden="true">→</span>
          <span className="hidden">{t("history.became")}</span> <Value field={field} role={now} />
        </li>
      ))}
      {fresh.map((id) => <li key={id}>{t("history.buildsOn", { role: name(id) })}</li>)}
      {gone.map((id) => <li key={id}>{t("history.buildsNoMore", { role: name(id) })}</li>)}
      {grants.map((each) => (
        <li key={each.key}>
          <span className={`sign ${each.to}`}>{t(`history.now.${each.to}`)}</span>{" "}
          <span>{wordsOf(each.key) ?? describe(registry, each.key, of)}</span> <code>{each.key}</code>
        </li>
      ))}
    </ul>
  );

  function wordsOf(key: string): string | null {
    if (key === "*") return t("roles.everything");
    return key.endsWith(".*") ? t("permissions.family", { key }) : null;
  }
}

function Value({ field, role, old = false }: { field: (typeof fields)[number]; role: Role; old?: boolean }) {
  const t = useWords();
  const value = role[field];
  const shown = (
    <>
      {field === "color" && value !== null && <RoleDot role={role} />} {value ?? t("history.empty")}
    </>
  );
  return old ? <s>{shown}</s> : <span>{shown}</span>;
}
