// Names for the ids of the log: those already read, and the others fetched a few at a time, once.
import { useEffect } from "react";
import { nameOf } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { roles } from "../roles/roles";
import { fetchUser, people } from "../users/people";
import type { Entry } from "./entries";

const asked = new Set<string>();
const atOnce = 4;
let busy = 0;
const queue: string[] = [];

function pump(): void {
  while (busy < atOnce) {
    const id = queue.shift();
    if (id === undefined) return;
    busy++;
    fetchUser(id).catch(() => undefined).finally(() => {
      busy--;
      pump();
    });
  }
}

function want(id: string | null): void {
  if (id === null || asked.has(id) || people.get()[id]) return;
  asked.add(id);
  queue.push(id);
  pump();
}

export interface Naming {
  user: (id: string | null) => string | null;
  role: (id: string | null) => string | null;
}

/** Names whoever appears in these entries. */
export function useNames(entries: readonly Pick<Entry, "actorId" | "targetId" | "targetType">[]): Naming {
  const persons = useStore(people);
  const { byId } = useStore(roles);
  const key = entries.map((entry) => `${entry.actorId}${entry.targetId}`).join();
  useEffect(() => {
    for (const entry of entries) {
      want(entry.actorId);
      if (entry.targetType === "user") want(entry.targetId);
    }
  }, [key]);
  return {
    user: (id) => {
      const user = id === null ? undefined : persons[id];
      return user ? nameOf(user) : null;
    },
    role: (id) => (id === null ? null : byId[id]?.name ?? null),
  };
}
