// What the team does to a member: each shows at once and offers the way back.
import { t } from "../../lib/i18n";
import { del, post } from "../../lib/api";
import { asProblem } from "../../lib/problem";
import { invalidate } from "../../lib/query";
import { asIds, asRaw, nameOf, type Role, type User } from "../../lib/resources";
import { say, sayProblem } from "../../ui/Toasts";
import { refreshRoles } from "../roles/roles";
import { edit, fetchUser, people } from "./people";
import { roleTitle } from "../../lib/roleTitle";

const path = (user: User) => `/users/${user.id}`;

/** The answer of the role routes holds the whole set: it replaces our guess. */
function settle(user: User, answer: unknown): void {
  const roles = asIds(asRaw(answer)["roles"]);
  people.update(user.id, (row) => ({ ...row, roles }));
  invalidate(`user:${user.id}`);
  refreshRoles();
}

export async function assign(
  user: User,
  role: Role,
  reason: string | null,
  expiresAt: string | null,
  /** Of a role that they have already: only its end moves, away if there is none. */
  moving = false,
): Promise<boolean> {
  const done = await edit(
    user.id,
    (row) => ({ ...row, roles: [...new Set([...row.roles, role.id])] }),
    async () =>
      settle(
        user,
        await post(`${path(user)}/roles`, {
          role_id: role.id,
          ...(reason ? { reason } : {}),
          ...(expiresAt || moving ? { expires_at: expiresAt } : {}),
        }),
      ),
  );
  if (done && moving) say("users.endMoved", { role: roleTitle(role.name, t), user: nameOf(user) });
  else if (done) {
    say("users.assigned", { role: roleTitle(role.name, t), user: nameOf(user) }, () => void revoke(user, role));
  }
  return done;
}

export async function revoke(user: User, role: Role): Promise<void> {
  const done = await edit(
    user.id,
    (row) => ({ ...row, roles: row.roles.filter((id) => id !== role.id) }),
    async () => settle(user, await del(`${path(user)}/roles/${role.id}`)),
  );
  if (done) {
    say(
      "users.revoked",
      { role: roleTitle(role.name, t), user: nameOf(user) },
      () => void assign(user, role, null, null),
    );
  }
}

export async function setDisabled(user: User, disabled: boolean): Promise<void> {
  const done = await edit(
    user.id,
    (row) => ({ ...row, is_disabled: disabled }),
    () => post(`${path(user)}/${disabled ? "disable" : "enable"}`),
  );
  const said = disabled ? "users.disabled" : "users.enabled";
  if (done) say(said, { user: nameOf(user) }, () => void setDisabled(user, !disabled));
}

export async function unban(user: User): Promise<void> {
  const done = await edit(user.id, (row) => ({ ...row, is_banned: false, ban: null }), () => del(`${path(user)}/ban`));
  if (done) say("users.unbanned", { user: nameOf(user) });
}

/** Deleting can be undone, so it does not ask. */
export async function remove(user: User): Promise<boolean> {
  try {
    await del(path(user));
  } catch (error) {
    sayProblem(asProblem(error));
    return false;
  }
  invalidate("users");
  say("users.deleted", { user: nameOf(user) }, () => void restore(user));
  return true;
}

export async function restore(user: User): Promise<void> {
  try {
    await post(`${path(user)}/restore`);
    await fetchUser(user.id);
    invalidate("users");
    say("users.restored", { user: nameOf(user) });
  } catch (error) {
    sayProblem(asProblem(error));
  }
}

/** For somebody who lost their telephone and their recovery codes. */
export async function resetFactor(user: User): Promise<void> {
  try {
    await del(`${path(user)}/totp`);
    say("users.factorReset", { user: nameOf(user) });
  } catch (error) {
    if (asProblem(error).status !== 404) throw error;
    say("users.noFactor", { user: nameOf(user) });
  }
}
