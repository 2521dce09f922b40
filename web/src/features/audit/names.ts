// Names for the ids of the log: those already read, and the others read together in one request.
import { useEffect } from "react";
import { useEntities } from "../../lib/entities";
import { nameOf } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { roles } from "../roles/roles";
import { people, want } from "../users/people";
import type { Entry } from "./entries";

export interface Naming {
  user: (id: string | null) => string | null;
  role: (id: string | null) => string | null;
}

/** Names whoever appears in these entries. */
export function useNames(entries: readonly Pick<Entry, "actorId" | "targetId" | "targetType">[]): Naming {
  const ids = entries.flatMap(({ actorId, targetId, targetType }) => [
    ...(actorId === null ? [] : [actorId]),
    ...(targetId === null || targetType !== "user" ? [] : [targetId]),
  ]);
  useEntities(people, ids);
  const { byId } = useStore(roles);
  useEffect(() => want(ids), [ids.join()]);
  return {
    user: (id) => {
      const user = id === null ? undefined : people.get(id);
      return user ? nameOf(user) : null;
    },
    role: (id) => (id === null ? null : byId[id]?.name ?? null),
  };
}
