// Deleting and bringing back a role: at once on screen, undone with one press.
import { t } from "../../lib/i18n";
import { del, post } from "../../lib/api";
import { asProblem } from "../../lib/problem";
import { invalidate } from "../../lib/query";
import { readRole, type Role } from "../../lib/resources";
import { say, sayProblem } from "../../ui/Toasts";
import { askingLockOut } from "./lockOut";
import { place, refreshRoles, remove } from "./roles";
import { roleTitle } from "../../lib/roleTitle";

export async function deleteRole(role: Role): Promise<boolean> {
  const back = remove(role.id);
  try {
    const done = await askingLockOut((confirm) => del(`/roles/${role.id}`, { body: { confirm } }));
    if (!done) {
      back();
      return false;
    }
  } catch (error) {
    back();
    sayProblem(asProblem(error));
    return false;
  }
  invalidate("roles:deleted");
  say("roles.deleted", { role: roleTitle(role.name, t) }, () => void restoreRole(role));
  return true;
}

/** - Returns: the role as it stands now; null when it stays deleted. */
export async function restoreRole(role: Role): Promise<Role | null> {
  let restored = role;
  try {
    const done = await askingLockOut(async (confirm) => {
      const answer = readRole(await post(`/roles/${role.id}/restore`, { confirm }));
      restored = answer.id ? answer : role;
      place(restored);
    });
    if (!done) return null;
    refreshRoles();
    invalidate("roles:deleted");
    say("roles.restored", { role: roleTitle(role.name, t) });
    return restored;
  } catch (error) {
    sayProblem(asProblem(error), () => void restoreRole(role));
    return null;
  }
}
