import { type FormEvent, useState } from "react";
import { useWords } from "../../lib/i18n";
import type { Role, User } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/Button";
import { SelectField, TextField } from "../../ui/Field";
import { Rich } from "../../ui/Rich";
import { EmptyState } from "../../ui/States";
import { Time } from "../../ui/Time";
import { useCan, useSession } from "../accounts/session";
import { Description, RoleDot } from "../roles/RoleChip";
import { byRank, roles as store, useRoles } from "../roles/roles";
import { assign, revoke } from "./actions";
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
      {assigns && <AssignForm user={user} />}
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

function endOf(day: string): string | null {
  if (!day) return null;
  const at = new Date(`${day}T23:59:59`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

function AssignForm({ user }: { user: User }) {
  const t = useWords();
  const roles = useRoles();
  const [id, setId] = useState("");
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const free = roles.filter((role) => !user.roles.includes(role.id) && role.name !== "owner");
  const role: Role | undefined = free.find((each) => each.id === id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!role) return;
    setId("");
    void assign(user, role, reason.trim() || null, endOf(until)).then((done) => {
      if (!done) return setId(role.id);
      setReason("");
      setUntil("");
    });
  };
  return (
    <form className="form boxed" onSubmit={submit} aria-label={t("users.assign")}>
      <SelectField label={t("users.assign")} value={id} onChange={(event) => setId(event.target.value)}>
        <option value="">{t("users.assignPick")}</option>
        {free.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
      </SelectField>
      {role && (
        <>
          <div className="form-grid">
            <TextField
              label={t("users.reason")}
              optional={t("common.optional")}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
            <TextField
              label={t("users.until")}
              optional={t("common.optional")}
              type="date"
              value={until}
              onChange={(event) => setUntil(event.target.value)}
            />
          </div>
          <div className="form-actions start">
            <Button type="submit" look="primary">{t("users.assignSubmit")}</Button>
          </div>
        </>
      )}
    </form>
  );
}
