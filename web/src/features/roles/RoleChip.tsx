import type { CSSProperties, ReactNode } from "react";
import { useMemo } from "react";
import { useWords } from "../../lib/i18n";
import type { Role } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { byRank, roles } from "./roles";

const tint = (color: string | null): CSSProperties | undefined =>
  color ? ({ "--tint": color } as CSSProperties) : undefined;

export function RoleDot({ color }: { color: string | null }) {
  return <i className="role-dot" style={tint(color)} aria-hidden="true" />;
}

export function RoleChip({ role, children }: { role: Pick<Role, "name" | "color">; children?: ReactNode }) {
  return (
    <span className="chip">
      <RoleDot color={role.color} />
      <span className="cut">{role.name}</span>
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
        <span className="chip more" title={rest.map((role) => role.name).join(", ")}>
          +{rest.length}
          <span className="hidden">{t("roles.more")}: {rest.map((role) => role.name).join(", ")}</span>
        </span>
      )}
    </span>
  );
}
