// The site's roles, few enough to be held whole; kept fresh by the gateway.
import { useMemo } from "react";
import { get, type Page } from "../../lib/api";
import { gateway, readFollowing } from "../../lib/live";
import { asProblem, type Problem } from "../../lib/problem";
import { asRaw, asText, readRole, type Role } from "../../lib/resources";
import { createStore, useStore } from "../../lib/store";

export interface Roles {
  byId: Readonly<Record<string, Role>>;
  loaded: boolean;
  problem: Problem | null;
}

export const roles = createStore<Roles>({ byId: {}, loaded: false, problem: null });

let turn = 0;
/** A read is under way. */
let reading = false;

export async function loadRoles(): Promise<void> {
  const mine = ++turn;
  reading = true;
  try {
    const found: Record<string, Role> = {};
    let cursor: string | null = null;
    do {
      const page: Page<unknown> = await get<Page<unknown>>("/roles", { limit: 200, cursor });
      for (const raw of page.items) {
        const role = readRole(raw);
        found[role.id] = role;
      }
      cursor = page.next;
    } while (cursor !== null);
    if (mine === turn) roles.set({ byId: found, loaded: true, problem: null });
  } catch (error) {
    if (mine === turn) roles.set((all) => ({ ...all, loaded: true, problem: asProblem(error) }));
  } finally {
    if (mine === turn) reading = false;
  }
}

/** Drops a read that is under way, which would put back what stood before a write of one's own, and reads again soon. */
function outdate(): void {
  if (!reading) return;
  turn++;
  reading = false;
  refreshRoles();
}

let waiting = 0;

/** Reads the roles again soon, once for a burst of changes. */
export function refreshRoles(): void {
  if (waiting === 0) {
    waiting = window.setTimeout(() => {
      waiting = 0;
      void loadRoles();
    }, 200);
  }
}

/** Follows the roles for as long as somebody is signed in. */
export function followRoles(allowed: boolean): () => void {
  // Who may not read the list learns the names of roles from the people who hold them.
  if (!allowed) {
    roles.set((all) => ({ ...all, loaded: true }));
    return () => undefined;
  }
  const unlisten = gateway.on("role.*", refreshRoles, "roles");
  const leave = readFollowing("roles", () => void loadRoles());
  return () => {
    unlisten();
    leave();
  };
}

/** Puts one role in place at once; the answer takes it back. */
export function place(role: Role): () => void {
  const before = roles.get().byId[role.id];
  outdate();
  roles.set((all) => ({ ...all, byId: { ...all.byId, [role.id]: role } }));
  return () => (before ? place(before) : remove(role.id));
}

export function remove(id: string): () => void {
  const before = roles.get().byId[id];
  outdate();
  roles.set((all) => {
    const { [id]: _gone, ...rest } = all.byId;
    return { ...all, byId: rest };
  });
  return () => {
    if (before) place(before);
  };
}

/** Somebody's answer brought roles as objects: learn their names even where the list may not be read. */
export function learn(values: readonly unknown[]): void {
  const known = roles.get().byId;
  const fresh = values.filter((value) => asText(asRaw(value)["name"])).map(readRole).filter((role) => !known[role.id]);
  if (fresh.length === 0) return;
  roles.set((all) => ({ ...all, byId: { ...Object.fromEntries(fresh.map((role) => [role.id, role])), ...all.byId } }));
}

/** As the server lists them: the highest first, the older first among equals. */
export const byRank = (a: Role, b: Role): number => b.priority - a.priority || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Live roles, highest first. */
export function useRoles(): Role[] {
  const { byId } = useStore(roles);
  return useMemo(() => Object.values(byId).filter((role) => !role.deleted_at).sort(byRank), [byId]);
}

export const useRole = (id: string): Role | undefined => useStore(roles, (all) => all.byId[id]);
