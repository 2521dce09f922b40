// Whether a set of keys covers one, for showing and hiding; the server decides again on every request.

export function covers(held: Iterable<string>, key: string): boolean {
  for (const each of held) {
    if (each === key || each === "*") return true;
    if (each.endsWith(".*") && key.startsWith(each.slice(0, -1))) return true;
  }
  return false;
}

export type Choice = "allow" | "deny" | "unset";

export interface Grants {
  permissions: readonly string[];
  denied: readonly string[];
}

export const choiceOf = (grants: Grants, key: string): Choice =>
  grants.denied.includes(key) ? "deny" : grants.permissions.includes(key) ? "allow" : "unset";

export function choose<T extends Grants>(grants: T, key: string, choice: Choice): T {
  const without = (keys: readonly string[]) => keys.filter((each) => each !== key);
  return {
    ...grants,
    permissions: choice === "allow" ? [...without(grants.permissions), key].sort() : without(grants.permissions),
    denied: choice === "deny" ? [...without(grants.denied), key].sort() : without(grants.denied),
  };
}

export interface GrantsDiff {
  key: string;
  from: Choice;
  to: Choice;
}

/** What changes between two sets, by key, in alphabetical order. */
export function diffGrants(before: Grants, after: Grants): GrantsDiff[] {
  const keys = new Set([...before.permissions, ...before.denied, ...after.permissions, ...after.denied]);
  return [...keys].sort().flatMap((key) => {
    const from = choiceOf(before, key);
    const to = choiceOf(after, key);
    return from === to ? [] : [{ key, from, to }];
  });
}
