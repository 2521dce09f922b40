// Deleting and bringing back a role: at once on screen, undone with one press.
import { del, post } from "../../lib/api";
import { asProblem } from "../../lib/problem";
import { invalidate } from "../../lib/query";
import { readRole, type Role } from "../../lib/resources";
import { say, sayProblem } from "../../ui/Toasts";
import { askingLockOut } from "./lockOut";
import { place, refreshRoles, remove } from "./roles";

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
  say("roles.deleted", { role: role.name }, () => void restoreRole(role));
  return true;
}

export async function restoreRole(role: Role): Promise<boolean> {
  try {
    const done = await askingLockOut(async (confirm) => {
      const answer = readRole(await post(`/roles/${role.id}/restore`, { confirm }));
      place(answer.id ? answer : role);
    });
    if (!done) return false;
    refreshRoles();
    invalidate("roles:deleted");
    say("roles.restored", { role: role.name });
    return true;
  } catch (error) {
    sayProblem(asProblem(error), () => void restoreRole(role));
    return false;
  }
}
