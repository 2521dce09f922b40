// A role while it is edited, and what must be sent of it.
import { type Choice, choose } from "../../lib/permissions";
import type { Role } from "../../lib/resources";

export interface Draft {
  name: string;
  description: string;
  color: string;
  priority: number;
  permissions: string[];
  denied: string[];
  inherits: string[];
}

export const blank: Draft = {
  name: "",
  description: "",
  color: "",
  priority: 10,
  permissions: [],
  denied: [],
  inherits: [],
};

export const draftOf = (role: Role): Draft => ({
  name: role.name,
  description: role.description ?? "",
  color: role.color ?? "",
  priority: role.priority,
  permissions: [...role.permissions].sort(),
  denied: [...role.denied].sort(),
  inherits: [...role.inherits].sort(),
});

export const withChoice = (draft: Draft, key: string, choice: Choice): Draft => ({
  ...draft,
  ...choose(draft, key, choice),
});

const empty = (text: string): string | null => text.trim() || null;

/** The merge patch from one draft to another: what did not change is not sent. */
export function patchOf(from: Draft, to: Draft): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  if (to.name.trim() !== from.name) changed["name"] = to.name.trim();
  if (to.description.trim() !== from.description) changed["description"] = empty(to.description);
  if (to.color !== from.color) changed["color"] = empty(to.color);
  if (to.priority !== from.priority) changed["priority"] = to.priority;
  for (const list of ["permissions", "denied", "inherits"] as const) {
    if (to[list].join() !== from[list].join()) changed[list] = to[list];
  }
  return changed;
}

export const creationOf = (draft: Draft): Record<string, unknown> => ({
  name: draft.name.trim(),
  priority: draft.priority,
  permissions: draft.permissions,
  ...(empty(draft.description) ? { description: draft.description.trim() } : {}),
  ...(draft.denied.length > 0 ? { denied: draft.denied } : {}),
  ...(draft.inherits.length > 0 ? { inherits: draft.inherits } : {}),
  ...(draft.color ? { color: draft.color } : {}),
});
