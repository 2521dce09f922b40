// Everybody's status as far as we know it, by user: snapshots seed it, events move it, versions decide.
import { asNumber, asStatus, asText, type Presence, type Raw, readActivity, readPresence } from "../../lib/resources";
import { createStore, useStore } from "../../lib/store";

export interface Known extends Presence {
  /** When we learnt it, on our clock: an answer asked for earlier does not overwrite it. */
  learntAt: number;
}

export type Presences = Readonly<Record<string, Known>>;

export const presences = createStore<Presences>({});

/** Applies gateway events in order; the same map when there is nothing newer in them. */
export function applyEvents(all: Presences, events: readonly Raw[], at: number): Presences {
  let next: Record<string, Known> | null = null;
  for (const event of events) {
    const id = asText(event["user_id"]);
    const known = id && applied((next ?? all)[id], event, at);
    if (id && known) (next ??= { ...all })[id] = known;
  }
  return next ?? all;
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

export function seedOne(all: Presences, id: string, row: Presence, askedAt: number, at = askedAt): Presences {
  const known = seeded(all[id], row, askedAt, at);
  return known ? { ...all, [id]: known } : all;
}

/** The rows of one answer at once. */
export function seedAll(rows: readonly { id: string; presence: Presence }[], askedAt: number): void {
  const at = Date.now();
  presences.set((all) => {
    const next = { ...all };
    for (const { id, presence } of rows) {
      const known = seedOne(pick(all, id), id, presence, askedAt, at)[id];
      if (known) next[id] = known;
    }
    return next;
  });
}

function pick(all: Presences, id: string): Presences {
  const known = all[id];
  return known ? { [id]: known } : {};
}

/** Lets go of what nothing on screen shows; what the census of the whole site counts as here stays. */
export const forget = (ids: ReadonlySet<string>): void =>
  presences.set((all) =>
    Object.fromEntries(Object.entries(all).filter(([id, known]) => !ids.has(id) || known.status !== "offline"))
  );

export const seed = (id: string, row: Presence, askedAt: number): void =>
  presences.set((all) => seedOne(all, id, row, askedAt, Date.now()));

/** A whole snapshot of who is there: those it does not name are offline. The map is copied once: it has thousands of rows. */
export function replaceAll(all: Presences, rows: readonly Raw[], askedAt: number, at = askedAt): Presences {
  const next: Record<string, Known> = { ...all };
  const named = new Set<string>();
  for (const raw of rows) {
    const id = asText(raw["user_id"]) ?? asText(raw["id"]);
    if (!id) continue;
    named.add(id);
    const row = { ...readPresence(raw), version: asNumber(raw["version"]) ?? 0 };
    const known = seeded(next[id], row, askedAt, at);
    if (known) next[id] = known;
  }
  for (const [id, known] of Object.entries(next)) {
    if (named.has(id) || known.status === "offline" || known.learntAt > askedAt) continue;
    // It is a guess: an event that is on its way may know better.
    next[id] = { ...known, status: "offline", activity: null, version: 0, learntAt: askedAt };
  }
  return next;
}

/** The person's status: live where we follow it, else as the row said. */
export function usePresence(id: string, fallback: Presence): Presence {
  const known = useStore(presences, (all) => all[id]);
  return known ?? fallback;
}
