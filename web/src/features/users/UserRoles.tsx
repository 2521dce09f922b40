import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { nameOf, type Role, type User } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Rich } from "../../ui/Rich";
import { EmptyState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { useCan, useSession } from "../accounts/session";
import { Description, RoleDot } from "../roles/RoleChip";
import { byRank, roles as store } from "../roles/roles";
import { revoke } from "./actions";
import { AssignRole, EndDialog, WhatIf } from "./AssignRole";
import { type Assignment, useAssignments } from "./assignments";
import { UserPermissions } from "./UserPermissions";
import { roleTitle } from "../../lib/roleTitle";

export function UserRoles({ user }: { user: User }) {
  const t = useWords();
  const assigns = useCan("roles.assign");
  const readsRoles = useCan("roles.read");
  const session = useSession();
  const explains = readsRoles || session.user.id === user.id;
  const assignments = useAssignments(user, explains);
  const { byId, loaded } = useStore(store);
  const [ending, setEnding] = useState<Role | null>(null);
  const [taking, setTaking] = useState<Role | null>(null);
  const held = user.roles.flatMap((id) => byId[id] ?? []).sort(byRank);
  return (
    <div className="stack">
      {!loaded
        ? <Skeleton rows={Math.max(1, user.roles.length)} />
        : held.length === 0
        ? <EmptyState icon="roles" title={t("users.noRoles.title")} text={t("users.noRoles.text")} />
        : (
          <ul role="list" className="rows" aria-label={t("nav.roles")}>
            {held.map((role) => (
              <li key={role.id} className="row">
                <RoleDot role={role} />
                <div className="row-main">
                  <div className="row-title">{roleTitle(role.name, t)}</div>
                  <Description role={role} />
                  <Terms of={assignments[role.id]} />
                </div>
                {assigns && explains && role.name !== "owner" && (
                  <IconButton
                    icon="clock"
                    size={16}
                    label={t("users.changeEnd", { role: roleTitle(role.name, t) })}
                    onClick={() => setEnding(role)}
                  />
                )}
                {assigns && (
                  <IconButton
                    icon="close"
                    size={16}
                    label={t("users.revoke", { role: roleTitle(role.name, t) })}
                    onClick={() => (role.name === "member" ? setTaking(role) : void revoke(user, role))}
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
      {taking && <TakeMember user={user} role={taking} onClose={() => setTaking(null)} />}
      {explains && <UserPermissions user={user} />}
    </div>
  );
}

/** Everybody has this role, and much depends on it: what goes with it is said before it is taken. */
function TakeMember({ user, role, onClose }: { user: User; role: Role; onClose: () => void }) {
  const t = useWords();
  const { busy, submit } = useSubmit(null, async () => {
    await revoke(user, role);
    onClose();
  });
  return (
    <Dialog
      title={t("users.takeMember.title", { role: roleTitle(role.name, t), user: nameOf(user) })}
      width="small"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button look="danger" busy={busy} onClick={() => submit()}>{t("users.takeMember.submit")}</Button>
        </>
      }
    >
      <div className="stack tight">
        <p className="muted">{t("users.takeMember.text", { user: nameOf(user) })}</p>
        <WhatIf user={user} role={role} removes />
      </div>
    </Dialog>
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
