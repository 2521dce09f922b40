// Everybody's status as far as it is known, by user: snapshots seed it, events change it, versions decide.
import {
  asNumber,
  asStatus,
  asText,
  type Presence,
  type Raw,
  readActivity,
  readPresence,
  type Status,
} from "../../lib/resources";
import { EntityStore, useEntity } from "../../lib/entities";
import { createStore } from "../../lib/store";

export interface Known extends Presence {
  /** When it was learnt, on this device's clock: an answer asked for earlier does not overwrite it. */
  learntAt: number;
}

export const presences = new EntityStore<Known>();

/** Applies gateway events in order; what is older than what is known changes nothing. */
export function applyEvents(events: readonly Raw[], at: number, store = presences): void {
  store.batch(() => {
    for (const event of events) {
      const id = asText(event["user_id"]);
      const known = id && applied(store.get(id), event, at);
      if (id && known) store.set(id, known);
    }
  });
}

function applied(before: Known | undefined, event: Raw, at: number): Known | null {
  const version = asNumber(event["version"]) ?? 0;
  if (before && version > 0 && version <= before.version) return null;
  const text = (name: "status_message" | "status_emoji" | "last_seen_at") =>
    name in event ? asText(event[name]) : before?.[name] ?? null;
  return {
    status: asStatus(event["status"]) ?? before?.status ?? "offline",
    status_message: text("status_message"),
    status_emoji: text("status_emoji"),
    activity: "activity" in event || "activity_name" in event ? readActivity(event) : before?.activity ?? null,
    last_seen_at: text("last_seen_at"),
    version: Math.max(version, before?.version ?? 0),
    learntAt: at,
  };
}

/** A row of an answer that was asked for at `askedAt` and came at `at`; null when an event has told us something newer since. */
function seeded(before: Known | undefined, row: Presence, askedAt: number, at: number): Known | null {
  if (before) {
    if (row.version > 0 && before.version > 0 ? row.version < before.version : before.learntAt > askedAt) return null;
  }
  // The same as an event told does not make it older.
  const learntAt = Math.max(at, before?.learntAt ?? at);
  return { ...row, version: Math.max(row.version, before?.version ?? 0), learntAt };
}

export function seedOne(id: string, row: Presence, askedAt: number, at = askedAt, store = presences): void {
  const known = seeded(store.get(id), row, askedAt, at);
  if (known) store.set(id, known);
}

/** The rows of one answer at once. */
export function seedAll(rows: readonly { id: string; presence: Presence }[], askedAt: number): void {
  const at = Date.now();
  presences.batch(() => {
    for (const { id, presence } of rows) seedOne(id, presence, askedAt, at);
  });
}

/** Lets go of what nothing on screen shows; what the census of the whole site counts as here stays. */
export const forget = (ids: ReadonlySet<string>): void =>
  presences.batch(() => {
    for (const id of ids) if (presences.get(id)?.status === "offline") presences.set(id, undefined);
  });

export const seed = (id: string, row: Presence, askedAt: number): void => seedOne(id, row, askedAt, Date.now());

/** A whole snapshot of who is there: those it does not name are offline. */
export function replaceAll(rows: readonly Raw[], askedAt: number, at = askedAt, store = presences): void {
  store.batch(() => {
    const named = new Set<string>();
    for (const raw of rows) {
      const id = asText(raw["user_id"]) ?? asText(raw["id"]);
      if (!id) continue;
      named.add(id);
      seedOne(id, { ...readPresence(raw), version: asNumber(raw["version"]) ?? 0 }, askedAt, at, store);
    }
    for (const [id, known] of store.entries()) {
      if (named.has(id) || known.status === "offline" || known.learntAt > askedAt) continue;
      // It is a guess: an event that is on its way may know better.
      store.set(id, { ...known, status: "offline", activity: null, version: 0, learntAt: askedAt });
    }
  });
}

const countedAs = new Map<string, Status>();

/** How many of those who are known are in each status. */
export const tally = createStore<Readonly<Partial<Record<Status, number>>>>({});

presences.watch((ids) => {
  const counts = { ...tally.get() };
  for (const id of ids) {
    const [before, after] = [countedAs.get(id), presences.get(id)?.status];
    if (before === after) continue;
    if (before) counts[before] = (counts[before] ?? 1) - 1;
    if (after) counts[after] = (counts[after] ?? 0) + 1;
    if (after) countedAs.set(id, after);
    else countedAs.delete(id);
  }
  tally.set(counts);
});

/** The person's status: live where we follow it, else as the row said. */
export function usePresence(id: string, fallback: Presence): Presence {
  const known = useEntity(presences, id);
  return known ?? fallback;
}
