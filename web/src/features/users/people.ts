// The people we have read, each held once: lists and sheets show the same row, so that they cannot disagree.
import { useEffect } from "react";
import { get, type Page } from "../../lib/api";
import type { GatewayEvent } from "../../lib/gateway";
import { gateway } from "../../lib/live";
import { asProblem } from "../../lib/problem";
import { invalidate, invalidateAll } from "../../lib/query";
import { asList, asRaw, asText, readUser, type User } from "../../lib/resources";
import { BatchReader, EntityStore, useEntity } from "../../lib/entities";
import { sayProblem } from "../../ui/Toasts";
import { whenFollowed } from "../presence/interest";
import { forget as forgetPresences, seedAll } from "../presence/presences";
import { learn } from "../roles/roles";

export const people = new EntityStore<User>();

/** - Parameter ours: it answers the edit that is under way, and knows it. */
export function take(raw: unknown, askedAt: number, ours = false): User {
  takeAll([raw], askedAt, ours, readUser);
  return readUser(raw);
}

/** What a list leaves out, so that it can be compressed: addresses and why somebody is banned. */
const brief = { private: false } as const;

/** A row of a list, with what only the answer about one person tells, as it was known. */
function readBrief(raw: unknown): User {
  const user = readUser(raw);
  const known = people.get(user.id);
  return { ...user, email: known?.email ?? null, ban: user.is_banned ? known?.ban ?? null : null };
}

function takeAll(rows: readonly unknown[], askedAt: number, ours = false, read = readBrief): User[] {
  const users = rows.map(read);
  learn(rows.flatMap((raw) => asList(asRaw(raw)["role_details"])));
  people.batch(() => {
    for (const user of users) {
      if (!people.get(user.id) || !isBeforeEdit(user.id, askedAt, ours ? 1 : 0)) people.set(user.id, user);
    }
  });
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

/** The server's limit on the ids of one request. */
const mostIds = 100;
/** Those whom the server did not give: they are not asked for again while one looks at the same entries. */
const unknown = new Set<string>();

const reader = new BatchReader(
  async (ids) => {
    const askedAt = Date.now();
    const page = await get<Page<unknown>>("/users", { ...brief, ids: ids.join(), limit: mostIds });
    const found = new Set(takeAll(page.items, askedAt).map(({ id }) => id));
    for (const id of ids) if (!found.has(id)) unknown.add(id);
  },
  mostIds,
  20,
);

/** Reads those who are not known yet, all that are asked for at about the same time in one request. */
export function want(ids: readonly (string | null)[]): void {
  for (const id of ids) if (id !== null && !people.get(id) && !unknown.has(id)) void reader.want(id);
}

/** Reads rows again that may be old. */
export function refreshPeople(ids: readonly string[]): void {
  for (const id of ids) void reader.again(id);
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
  const page = await get<Page<unknown>>("/users", { ...brief, ...filters, limit, cursor, count: counts ? true : null });
  return { ...page, items: takeAll(page.items, askedAt).map((user) => user.id) };
}

export async function findPeople(search: string, limit: number, signal: AbortSignal): Promise<User[]> {
  const askedAt = Date.now();
  const page = await get<Page<unknown>>("/users", { ...brief, search, limit }, signal);
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
  return useEntity(people, id);
}

/** Lets go of rows that a long list has left behind, but for those that are on screen. */
export function forget(ids: readonly string[]): void {
  const gone = new Set(ids.filter((id) => !held.has(id)));
  people.batch(() => gone.forEach((id) => people.set(id, undefined)));
  forgetPresences(gone);
}

/** Shows an edit at once; puts back what was there, and says why, when the server refuses. */
export async function edit(id: string, change: (user: User) => User, send: () => Promise<unknown>): Promise<boolean> {
  const before = people.get(id);
  const settle = beginEdit(id);
  if (before) people.set(id, change(before));
  try {
    await send();
    return true;
  } catch (error) {
    if (before) people.set(id, before);
    sayProblem(asProblem(error));
    return false;
  } finally {
    settle();
    invalidate(`user:${id}`);
  }
}

const stale = new Set<string>();
let timer = 0;

/** Reads again those whose rows changed, all in one request, with what else depends on them. */
function refresh(): void {
  timer = 0;
  const ids = [...stale].filter((id) => people.get(id));
  stale.clear();
  for (const id of ids) invalidate(`user:${id}`);
  refreshPeople(ids);
}

/** Many people may have changed at once: the lists and the rows that are on screen are read again. */
export function refreshEverybody(): void {
  invalidate("users");
  invalidate("rights");
  for (const id of held.keys()) hear(id);
}

/** Hears of changes to people for as long as somebody is signed in; starting over, what is on screen is read again. */
export function followPeople(allowed: boolean): () => void {
  if (!allowed) return () => undefined;
  let started = false;
  return gateway.subscribe("users", () => {
    if (started) {
      unknown.clear();
      invalidateAll();
      for (const id of held.keys()) hear(id);
    }
    started = true;
  });
}

/** What an event says of a row by itself; the rest is read soon. */
const patches: Record<string, (user: User, role: string | null) => User> = {
  "user.banned": (user) => ({ ...user, is_banned: true }),
  "user.unbanned": (user) => ({ ...user, is_banned: false, ban: null }),
  "user.disabled": (user) => ({ ...user, is_disabled: true }),
  "user.enabled": (user) => ({ ...user, is_disabled: false }),
  "role.assigned": (user, role) => role === null ? user : { ...user, roles: [...new Set([...user.roles, role])] },
  "role.revoked": (user, role) => ({ ...user, roles: user.roles.filter((id) => id !== role) }),
};

function rowChanged(event: GatewayEvent): void {
  const id = asText(event["user_id"]);
  const patch = patches[event.type];
  if (!id || !people.get(id)) return;
  if (patch && !edits.get(id)?.open) people.update(id, (user) => patch(user, asText(event["role_id"])));
  hear(id);
}

const listChanged = (): void => invalidate("users");

export const hearOfPeople = {
  "user.created": listChanged,
  "user.deleted": listChanged,
  "user.restored": listChanged,
  "users.imported": listChanged,
  "user.*": rowChanged,
  "role.assigned": rowChanged,
  "role.revoked": rowChanged,
};

whenFollowed((ids) => ids.forEach(hear));

/** Their row changed: it is read again soon, with whoever else changes meanwhile. */
function hear(id: string): void {
  stale.add(id);
  if (timer === 0) timer = window.setTimeout(refresh, 150);
}
