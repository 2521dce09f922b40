// Two people changed the same role: what each changed, and one draft out of both, point by point.
import { choiceOf } from "../../lib/permissions";
import { blank, type Draft } from "./draft";

export type Side = "mine" | "theirs";

/** One point on which the drafts differ: a field, a permission, or a role that is built on. */
export interface Point {
  /** `name`, `key:users.read`, `role:<id>`. */
  id: string;
  base: string;
  mine: string;
  theirs: string;
  /** Who changed it since both had the same. */
  by: Side | "both";
}

const fields = ["name", "description", "color", "priority"] as const;

/** A draft as points; what is not set is absent. */
function points(draft: Draft): Map<string, string> {
  const found = new Map<string, string>();
  for (const field of fields) found.set(field, String(draft[field]));
  for (const key of [...draft.permissions, ...draft.denied]) found.set(`key:${key}`, choiceOf(draft, key));
  for (const id of draft.inherits) found.set(`role:${id}`, "yes");
  return found;
}

function draftOf(from: Map<string, string>): Draft {
  const draft: Draft = { ...blank, permissions: [], denied: [], inherits: [] };
  for (const [id, value] of from) {
    const name = id.slice(id.indexOf(":") + 1);
    if (id.startsWith("key:")) draft[value === "deny" ? "denied" : "permissions"].push(name);
    else if (id.startsWith("role:")) draft.inherits.push(name);
    else if (id === "priority") draft.priority = Number(value);
    else draft[id as "name" | "description" | "color"] = value;
  }
  for (const list of [draft.permissions, draft.denied, draft.inherits]) list.sort();
  return draft;
}

/** Every point on which mine and theirs differ, those that both changed first. */
export function compare(base: Draft, mine: Draft, theirs: Draft): Point[] {
  const [was, here, there] = [points(base), points(mine), points(theirs)];
  const all = [...new Set([...was.keys(), ...here.keys(), ...there.keys()])];
  const found = all.flatMap((id): Point[] => {
    const [b, m, t] = [was.get(id) ?? "", here.get(id) ?? "", there.get(id) ?? ""];
    if (m === t) return [];
    return [{ id, base: b, mine: m, theirs: t, by: m === b ? "theirs" : t === b ? "mine" : "both" }];
  });
  return [...found.filter((each) => each.by === "both"), ...found.filter((each) => each.by !== "both")];
}

/** What a point takes when nobody has chosen: each one's own change; theirs, which is saved already, where both changed it. */
export const usual = (point: Point): Side => (point.by === "mine" ? "mine" : "theirs");

export function merged(mine: Draft, theirs: Draft, found: readonly Point[], pick: (point: Point) => Side): Draft {
  const result = points(theirs);
  const own = points(mine);
  for (const point of found) {
    if (pick(point) === "theirs") continue;
    const value = own.get(point.id);
    if (value === undefined) result.delete(point.id);
    else result.set(point.id, value);
  }
  return draftOf(result);
}
