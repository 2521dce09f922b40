// The board's groups: arithmetic alone, over people in the order in which they are shown.
import type { Presence, Role } from "../../lib/resources";

export const orders = ["status", "role", "activity"] as const;
export type Order = (typeof orders)[number];
export const here = ["online", "idle", "dnd"] as const;

export interface BoardPerson {
  id: string;
  username: string;
  display_name: string | null;
  avatar_url: string | null;
  roles: readonly string[];
  /** What they are sorted by. */
  sort: string;
}

export interface Group {
  /** A status, a role's id, an activity's name; null for those who have none. */
  key: string | null;
  people: BoardPerson[];
}

export const inOrder = (people: Iterable<BoardPerson>): BoardPerson[] =>
  [...people].sort((a, b) => (a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : a.id < b.id ? -1 : 1));

/** The highest of somebody's roles that we know the name of. */
function highest(person: BoardPerson, roles: Readonly<Record<string, Role>>): string | null {
  let best: Role | null = null;
  for (const id of person.roles) {
    const role = roles[id];
    if (role && (!best || role.priority > best.priority || (role.priority === best.priority && role.id < best.id))) {
      best = role;
    }
  }
  return best?.id ?? null;
}

/** Everybody once, in their group; the groups in the order of the statuses, the ranks, or of how many they are. */
export function group(
  people: readonly BoardPerson[],
  by: Order,
  presenceOf: (id: string) => Presence | undefined,
  roles: Readonly<Record<string, Role>>,
): Group[] {
  const found = new Map<string | null, Group>();
  for (const person of people) {
    const presence = presenceOf(person.id);
    const key = by === "status"
      ? presence?.status ?? "online"
      : by === "role"
      ? highest(person, roles)
      : presence?.activity?.name ?? null;
    const same = found.get(key);
    if (same) same.people.push(person);
    else found.set(key, { key, people: [person] });
  }
  const rank = (each: Group): number => {
    if (each.key === null) return Number.MAX_SAFE_INTEGER;
    if (by === "status") return here.indexOf(each.key as (typeof here)[number]);
    return by === "role" ? -(roles[each.key]?.priority ?? 0) : -each.people.length;
  };
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || ((a.key ?? "") < (b.key ?? "") ? -1 : 1));
}
