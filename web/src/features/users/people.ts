// The people we have read, each held once: lists and sheets show the same row, so that they cannot disagree.
import { useEffect } from "react";
import { get, type Page } from "../../lib/api";
import { gateway } from "../../lib/live";
import { asProblem } from "../../lib/problem";
import { invalidate } from "../../lib/query";
import { asList, asRaw, asText, readUser, type User } from "../../lib/resources";
import { createStore, useStore } from "../../lib/store";
import { sayProblem } from "../../ui/Toasts";
import { forget as forgetPresences, seedAll } from "../presence/presences";
import { learn } from "../roles/roles";

export const people = createStore<Readonly<Record<string, User>>>({});

/** - Parameter ours: it answers the edit that is under way, and knows it. */
export function take(raw: unknown, askedAt: number, ours = false): User {
  takeAll([raw], askedAt, ours);
  return readUser(raw);
}

function takeAll(rows: readonly unknown[], askedAt: number, ours = false): User[] {
  const users = rows.map(readUser);
  learn(rows.flatMap((raw) => asList(asRaw(raw)["role_details"])));
  const before = people.get();
  const fresh = users.filter(({ id }) => !before[id] || !isBeforeEdit(id, askedAt, ours ? 1 : 0));
  people.set((all) => ({ ...all, ...Object.fromEntries(fresh.map((user) => [user.id, user])) }));
  seedAll(users, askedAt);
  return users;
}

/** Of our own edits of a person: how many are under way, when the last was answered, whether a read was put aside meanwhile. */
interface Edits {
  open: number;
  answeredAt: number;
  putAside: boolean;
}

const edits = new Map<string, Edits>();

/** What was asked before our edit was answered may not know it, and would take it off the screen again. */
function isBeforeEdit(id: string, askedAt: number, known: number): boolean {
  const ours = edits.get(id);
  if (!ours || (ours.open <= known && askedAt >= ours.answeredAt)) return false;
  ours.putAside = true;
  return true;
}

function beginEdit(id: string): () => void {
  const ours = edits.get(id) ?? { open: 0, answeredAt: 0, putAside: false };
  edits.set(id, ours);
  ours.open++;
  return () => {
    ours.open--;
    ours.answeredAt = Date.now();
    if (ours.putAside && ours.open === 0) {
      ours.putAside = false;
      hear(id);
    }
  };
}

export async function fetchUser(id: string): Promise<User> {
  const askedAt = Date.now();
  return take(await get<unknown>(`/users/${encodeURIComponent(id)}`), askedAt);
}

export type Filters = Record<string, string | null | undefined>;

/** One page of people, as ids; their rows are in the store. */
export async function fetchPage(
  filters: Filters,
  cursor: string | null,
  limit = 50,
  counts = cursor === null,
): Promise<Page<string>> {
  const askedAt = Date.now();
  const page = await get<Page<unknown>>("/users", { ...filters, limit, cursor, count: counts ? true : null });
  return { ...page, items: takeAll(page.items, askedAt).map((user) => user.id) };
}

export async function findPeople(search: string, limit: number, signal: AbortSignal): Promise<User[]> {
  const askedAt = Date.now();
  const page = await get<Page<unknown>>("/users", { search, limit }, signal);
  return takeAll(page.items, askedAt);
}

/** Who is on screen, and how often. */
const held = new Map<string, number>();

function hold(id: string): () => void {
  held.set(id, (held.get(id) ?? 0) + 1);
  return () => {
    const left = (held.get(id) ?? 1) - 1;
    if (left > 0) held.set(id, left);
    else held.delete(id);
  };
}

export function usePerson(id: string | null): User | undefined {
  useEffect(() => (id === null ? undefined : hold(id)), [id]);
  return useStore(people, (all) => (id === null ? undefined : all[id]));
}

/** Lets go of rows that a long list has left behind, but for those that are on screen. */
export function forget(ids: readonly string[]): void {
  const gone = new Set(ids.filter((id) => !held.has(id)));
  people.set((all) => Object.fromEntries(Object.entries(all).filter(([id]) => !gone.has(id))));
  forgetPresences(gone);
}

/** Shows an edit at once; puts back what was there, and says why, when the server refuses. */
export async function edit(id: string, change: (user: User) => User, send: () => Promise<unknown>): Promise<boolean> {
  const before = people.get()[id];
  const settle = beginEdit(id);
  if (before) people.set((all) => ({ ...all, [id]: change(before) }));
  try {
    await send();
    return true;
  } catch (error) {
    if (before) people.set((all) => ({ ...all, [id]: before }));
    sayProblem(asProblem(error));
    return false;
  } finally {
    settle();
    invalidate(`user:${id}`);
  }
}

const stale = new Set<string>();
let timer = 0;
/** Until when the lists are read again but once a second: many people change at once. */
let floodedUntil = 0;

/** Reads again those whose rows changed, a few at a time; a flood reads the lists again instead. */
function refresh(): void {
  timer = 0;
  const ids = [...stale];
  stale.clear();
  if (ids.length > 12) {
    floodedUntil = Date.now() + 2000;
    return invalidate("users");
  }
  for (const id of ids) {
    invalidate(`user:${id}`);
    fetchUser(id).catch(() => undefined);
  }
}

/** Hears of changes to people for as long as somebody is signed in; starting over, what is on screen is read again. */
export function followPeople(allowed: boolean): () => void {
  if (!allowed) return () => undefined;
  let started = false;
  return gateway.subscribe("users", () => {
    if (started) invalidate("user");
    started = true;
  });
}

gateway.listen((event) => {
  if (/^user\.(created|deleted|restored)$/.test(event.type)) invalidate("users");
  const id = asText(event["user_id"]);
  const concerns = event.type.startsWith("user.") || event.type === "role.assigned" || event.type === "role.revoked";
  if (id && concerns && people.get()[id]) hear(id);
});

/** Their row changed: it is read again soon, with whoever else changes meanwhile. */
function hear(id: string): void {
  stale.add(id);
  if (timer === 0) timer = window.setTimeout(refresh, Date.now() < floodedUntil ? 1000 : 150);
}
