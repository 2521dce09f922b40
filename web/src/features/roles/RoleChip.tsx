import type { CSSProperties, ReactNode } from "react";
import { useMemo } from "react";
import { type Key, useWords } from "../../lib/i18n";
import type { Role } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { byRank, roles } from "./roles";
import { roleTitle } from "../../lib/roleTitle";

const tint = (color: string | null): CSSProperties | undefined =>
  color ? ({ "--tint": color } as CSSProperties) : undefined;

/** A role's colour; the system's roles have one of ours until somebody gives them another. */
export function RoleDot({ role }: { role: Pick<Role, "name" | "color"> }) {
  return <i className={`role-dot of-${role.name}`} style={tint(role.color)} aria-hidden="true" />;
}

export function RoleChip({ role, children }: { role: Pick<Role, "name" | "color">; children?: ReactNode }) {
  const t = useWords();
  return (
    <span className="chip">
      <RoleDot role={role} />
      <span className="cut">{roleTitle(role.name, t)}</span>
      {children}
    </span>
  );
}

/** Somebody's roles, highest first, as many as fit; the rest as a number that tells its names. */
export function RoleChips({ ids, most = 3 }: { ids: readonly string[]; most?: number }) {
  const t = useWords();
  const byId = useStore(roles, (all) => all.byId);
  const list = useMemo(() => ids.flatMap((id) => byId[id] ?? []).sort(byRank), [ids, byId]);
  if (list.length === 0) return <span className="muted">–</span>;
  const rest = list.slice(most);
  return (
    <span className="chips">
      {list.slice(0, most).map((role) => <RoleChip key={role.id} role={role} />)}
      {rest.length > 0 && (
        <span className="chip more" title={rest.map((role) => roleTitle(role.name, t)).join(", ")}>
          +{rest.length}
          <span className="hidden">{t("roles.more")}: {rest.map((role) => roleTitle(role.name, t)).join(", ")}</span>
        </span>
      )}
    </span>
  );
}

const systemWords: Record<string, Key> = {
  owner: "role.system.owner",
  admin: "role.system.admin",
  mod: "role.system.mod",
  staff: "role.system.staff",
  member: "role.system.member",
  guest: "role.system.guest",
};

/** What a role is for: its own words, else ours for the system's. */
export function Description({ role }: { role: Role }) {
  const t = useWords();
  const key = role.is_system ? systemWords[role.name] : undefined;
  const text = role.description ?? (key ? t(key) : null);
  return text ? <div className="tiny muted cut">{text}</div> : null;
}
