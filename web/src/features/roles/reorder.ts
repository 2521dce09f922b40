// Moving roles past each other: where one may go, and the one request that says the whole order.
import { t } from "../../lib/i18n";
import { post } from "../../lib/api";
import { asProblem } from "../../lib/problem";
import { asList, asRaw, readRole, type Role } from "../../lib/resources";
import { createStore } from "../../lib/store";
import { say, sayProblem } from "../../ui/Toasts";
import { byRank, loadRoles, place, roles } from "./roles";
import { roleTitle } from "../../lib/roleTitle";

/** What the person sees while the server has not answered yet; null when the roles stand as they are. */
export const pending = createStore<readonly string[] | null>(null);

/** A system role keeps its place, and so does whatever is not below one's own rank. */
export const isMovable = (role: Role, rank: number): boolean => !role.is_system && role.priority < rank;

/** The list with one role elsewhere: never above what is out of reach, never below the guests. */
export function moved(list: readonly Role[], id: string, to: number, rank: number): Role[] {
  const role = list.find((each) => each.id === id);
  if (!role) return [...list];
  const rest = list.filter((each) => each.id !== id);
  const highest = rest.findIndex((each) => each.priority < rank);
  const guest = rest.findIndex((each) => each.is_system && each.name === "guest");
  const lowest = guest < 0 ? rest.length : guest;
  const at = Math.max(highest < 0 ? 0 : highest, Math.min(to, lowest));
  return [...rest.slice(0, at), role, ...rest.slice(at)];
}

const live = (): Role[] => Object.values(roles.get().byId).filter((role) => !role.deleted_at).sort(byRank);
const shape = (list: readonly Role[]): string => list.map((role) => `${role.id} ${role.priority}`).join();

async function send(order: readonly string[]): Promise<void> {
  const { byId } = roles.get();
  const body = {
    order: order.flatMap((id) => {
      const role = byId[id];
      return role ? [{ role_id: id, ...(role.version === undefined ? {} : { version: role.version }) }] : [];
    }),
  };
  for (const raw of asList(asRaw(await post<unknown>("/roles/order", body))["items"])) place(readRole(raw));
}

/** The moves before this one: each is sent for what the one before it made. */
let before: Promise<void> = Promise.resolve();

const ids = (list: readonly Role[]): string[] => list.map((each) => each.id);

/** Saves an order at once on screen, with the way back. Changes of others that left the order alone are no obstacle. */
export function saveOrder(order: readonly string[], role: Role, undoing = false): void {
  if ((pending.get() ?? ids(live())).join() === order.join()) return;
  pending.set(order);
  before = before.then(async () => {
    try {
      await save(order, role, undoing);
    } catch (error) {
      sayProblem(asProblem(error));
    } finally {
      // A later move shows its own.
      pending.set((now) => (now === order ? null : now));
    }
  });
}

async function save(order: readonly string[], role: Role, undoing: boolean): Promise<void> {
  const here = live();
  try {
    await send(order);
  } catch (error) {
    if (asProblem(error).status !== 412) throw error;
    await loadRoles();
    if (shape(live()) !== shape(here)) throw error;
    await send(order);
  }
  const back = ids(here);
  say("roles.moved", { role: roleTitle(role.name, t) }, undoing ? undefined : () => saveOrder(back, role, true));
}
