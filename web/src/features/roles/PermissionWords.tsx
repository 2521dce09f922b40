import { useWords } from "../../lib/i18n";
import { covers } from "../../lib/permissions";
import type { Role } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { moduleName, usePermissions } from "./registry";
import { roles } from "./roles";
import { roleTitle } from "../../lib/roleTitle";

/** What a role allows of its own, feature by feature: "Members, Moderation (3 of 5)". */
export function PermissionWords({ role }: { role: Role }) {
  const t = useWords();
  const registry = usePermissions();
  const byId = useStore(roles, (all) => all.byId);
  const allows = (key: string) => covers(role.permissions, key) && !covers(role.denied, key);
  const everything = role.name === "owner" || (role.permissions.includes("*") && role.denied.length === 0);
  const families = [...new Set(registry.map((each) => each.module))].flatMap((module) => {
    const keys = registry.filter((each) => each.module === module).map((each) => each.key);
    const count = keys.filter(allows).length;
    if (count === 0) return [];
    const name = t(moduleName(module));
    return [count === keys.length ? name : t("roles.part", { name, count, all: keys.length })];
  });
  const parents = role.inherits.flatMap((id) => byId[id] ? roleTitle(byId[id]!.name, t) : []);
  const text = everything ? t("roles.everything") : families.length > 0 ? families.join(", ") : t("roles.nothing");
  return (
    <div className="summary">
      <span className="tiny muted cut" title={text}>{text}</span>
      {(role.denied.length > 0 || parents.length > 0) && (
        <span className="tiny muted cut">
          {[
            parents.length > 0 && t("roles.buildsOn", { roles: parents.join(", ") }),
            role.denied.length > 0 && t("roles.denies", { count: role.denied.length }),
          ].filter(Boolean).join(" · ")}
        </span>
      )}
    </div>
  );
}
