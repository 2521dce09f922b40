import { useState } from "react";
import { useWords } from "../../lib/i18n";
import type { Role, User } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { IconButton } from "../../ui/Button";
import { Rich } from "../../ui/Rich";
import { EmptyState } from "../../ui/States";
import { Time } from "../../ui/Time";
import { useCan, useSession } from "../accounts/session";
import { Description, RoleDot } from "../roles/RoleChip";
import { byRank, roles as store } from "../roles/roles";
import { revoke } from "./actions";
import { AssignRole, EndDialog } from "./AssignRole";
import { type Assignment, useAssignments } from "./assignments";
import { UserPermissions } from "./UserPermissions";

export function UserRoles({ user }: { user: User }) {
  const t = useWords();
  const assigns = useCan("roles.assign");
  const readsRoles = useCan("roles.read");
  const session = useSession();
  const explains = readsRoles || session.user.id === user.id;
  const assignments = useAssignments(user, explains);
  const byId = useStore(store, (all) => all.byId);
  const [ending, setEnding] = useState<Role | null>(null);
  const held = user.roles.flatMap((id) => byId[id] ?? []).sort(byRank);
  return (
    <div className="stack">
      {held.length === 0
        ? <EmptyState icon="roles" title={t("users.noRoles.title")} text={t("users.noRoles.text")} />
        : (
          <ul role="list" className="rows" aria-label={t("nav.roles")}>
            {held.map((role) => (
              <li key={role.id} className="row">
                <RoleDot role={role} />
                <div className="row-main">
                  <div className="row-title">{role.name}</div>
                  <Description role={role} />
                  <Terms of={assignments[role.id]} />
                </div>
                {assigns && explains && role.name !== "owner" && (
                  <IconButton
                    icon="clock"
                    size={16}
                    label={t("users.changeEnd", { role: role.name })}
                    onClick={() => setEnding(role)}
                  />
                )}
                {assigns && (
                  <IconButton
                    icon="close"
                    size={16}
                    label={t("users.revoke", { role: role.name })}
                    onClick={() => void revoke(user, role)}
                  />
                )}
              </li>
            ))}
          </ul>
        )}
      {assigns && <AssignRole user={user} explains={explains} />}
      {ending && (
        <EndDialog
          user={user}
          role={ending}
          expiresAt={assignments[ending.id]?.expiresAt ?? null}
          onClose={() => setEnding(null)}
        />
      )}
      {explains && <UserPermissions user={user} />}
    </div>
  );
}

function Terms({ of }: { of: Assignment | undefined }) {
  if (!of || (!of.reason && !of.expiresAt)) return null;
  return (
    <div className="tiny muted">
      {of.reason && <q>{of.reason}</q>}{" "}
      {of.expiresAt && <Rich say="users.heldUntil" parts={{ date: <Time at={of.expiresAt} /> }} />}
    </div>
  );
}
