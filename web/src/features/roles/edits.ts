// Deleting and bringing back a role: at once on screen, undone with one press.
import { del, post } from "../../lib/api";
import { asProblem } from "../../lib/problem";
import { readRole, type Role } from "../../lib/resources";
import { say, sayProblem } from "../../ui/Toasts";
import { place, refreshRoles, remove } from "./roles";

export async function deleteRole(role: Role): Promise<boolean> {
  const back = remove(role.id);
  try {
    await del(`/roles/${role.id}`);
  } catch (error) {
    back();
    sayProblem(asProblem(error));
    return false;
  }
  say("roles.deleted", { role: role.name }, () => void restoreRole(role));
  return true;
}

async function restoreRole(role: Role): Promise<void> {
  try {
    const answer = readRole(await post(`/roles/${role.id}/restore`));
    place(answer.id ? answer : role);
    refreshRoles();
    say("roles.restored", { role: role.name });
  } catch (error) {
    sayProblem(asProblem(error), () => void restoreRole(role));
  }
}
