// Server data in components: cached by key, shown at once on return, read again behind once it is no longer fresh.
import { useCallback, useEffect } from "react";
import type { Page } from "./api";
import { asProblem, type Problem } from "./problem";
import { createStore, type Store, useStore } from "./store";

export interface Loaded<T> {
  data: T | undefined;
  problem: Problem | null;
  loading: boolean;
}

export interface QueryOptions {
  /** What the answer depends on, besides its key: it is read again when one of these changes. */
  about?: readonly string[];
  /** For how long, in ms, an answer is not asked for again; 5 s unless said otherwise. */
  fresh?: number;
}

/** Reads the answer. The signal ends it once nobody looks any more. */
export type Fetch<T> = (signal: AbortSignal) => Promise<T>;

interface Flight {
  stop: AbortController;
  /** Something changed since it was sent: its answer is shown, and asked for once more. */
  isOutdated: boolean;
}

interface Entry {
  store: Store<Loaded<unknown>>;
  fetch: Fetch<unknown> | null;
  about: readonly string[];
  watchers: number;
  flight: Flight | null;
  /** When the answer that is shown was asked for; 0 when it is known to be old. */
  readAt: number;
}

const entries = new Map<string, Entry>();
/** As many answers as are kept; what nobody looks at makes room, the oldest first. */
const most = 300;
const freshFor = 5_000;
const blank: Loaded<unknown> = { data: undefined, problem: null, loading: false };

function entryFor(key: string): Entry {
  let entry = entries.get(key);
  if (!entry) {
    entry = { store: createStore(blank), fetch: null, about: [], watchers: 0, flight: null, readAt: 0 };
    entries.set(key, entry);
    if (entries.size > most) forgetOne();
  }
  return entry;
}

function forgetOne(): void {
  for (const [key, entry] of entries) {
    if (entry.watchers === 0 && !entry.flight) return void entries.delete(key);
  }
}

/** One request a key: whoever asks while one is under way gets its answer. */
async function load(entry: Entry): Promise<void> {
  if (!entry.fetch || entry.flight) return;
  const flight = entry.flight = { stop: new AbortController(), isOutdated: false };
  const askedAt = Date.now();
  entry.store.set((loaded) => ({ ...loaded, loading: true }));
  let result: Partial<Loaded<unknown>>;
  try {
    result = { data: await entry.fetch(flight.stop.signal), problem: null };
    if (entry.flight === flight) entry.readAt = flight.isOutdated ? 0 : askedAt;
  } catch (error) {
    result = flight.stop.signal.aborted ? {} : { problem: asProblem(error) };
    if (entry.flight === flight) entry.readAt = 0;
  }
  if (entry.flight !== flight) return;
  entry.flight = null;
  const goesOn = entry.watchers > 0 && (flight.isOutdated || flight.stop.signal.aborted);
  entry.store.set((loaded) => ({ ...loaded, ...result, loading: goesOn }));
  if (goesOn) void load(entry);
}

/** What is shown is old: it is read again now where somebody looks, else when somebody comes back. */
function outdate(entry: Entry): void {
  entry.readAt = 0;
  if (entry.flight) entry.flight.isOutdated = true;
  else if (entry.watchers > 0) void load(entry);
}

/** Something else that keeps answers of the server: it hears of what is told to the queries here. */
export interface CacheObserver {
  invalidate: (tag: string) => void;
  invalidateAll: () => void;
  retryOffline: () => void;
  forgetAll: () => void;
}

const observers: CacheObserver[] = [];

export const addCacheObserver = (observer: CacheObserver): void => void observers.push(observer);

/** This changed: the answers under this key, and those that depend on it, are old. */
export function invalidate(tag: string): void {
  for (const observer of observers) observer.invalidate(tag);
  for (const [key, entry] of entries) if (key === tag || entry.about.includes(tag)) outdate(entry);
}

/**
 * Changes what is kept, for an optimistic edit; the answer is what was there.
 * A read that is under way does not know the edit and is dropped: whoever edits invalidates the key once that is done.
 */
export function amend<T>(key: string, change: (data: T) => T): T | undefined {
  const entry = entries.get(key);
  const before = entry?.store.get().data as T | undefined;
  if (entry && before !== undefined) {
    entry.flight?.stop.abort();
    entry.flight = null;
    entry.store.set((loaded) => ({ ...loaded, data: change(before), loading: false }));
  }
  return before;
}

/** Events may have been missed: whatever is kept may be old. */
export function invalidateAll(): void {
  for (const observer of observers) observer.invalidateAll();
  for (const entry of entries.values()) outdate(entry);
}

/** The server answers again: what failed for want of it is read once more. */
export function retryOffline(): void {
  for (const observer of observers) observer.retryOffline();
  for (const entry of entries.values()) {
    if (entry.watchers > 0 && entry.store.get().problem?.isOffline) void load(entry);
  }
}

export function forgetAll(): void {
  for (const observer of observers) observer.forgetAll();
  for (const [key, entry] of entries) {
    entry.flight?.stop.abort();
    entry.flight = null;
    entry.readAt = 0;
    if (entry.watchers === 0) entries.delete(key);
    else entry.store.set(blank);
  }
  // What is still looked at once the screens of the former person are gone is read for whoever is here now.
  setTimeout(() => {
    for (const entry of entries.values()) if (entry.watchers > 0 && entry.readAt === 0) void load(entry);
  });
}

/** Looks at a key until the answer is called; what is not fresh is read. */
export function watchQuery<T>(key: string, fetch: Fetch<T>, options: QueryOptions = {}): () => void {
  const entry = entryFor(key);
  entry.watchers++;
  entry.fetch = fetch;
  entry.about = options.about ?? [];
  const { problem } = entry.store.get();
  if (problem || Date.now() - entry.readAt >= (options.fresh ?? freshFor)) void load(entry);
  return () => {
    entry.watchers--;
    // A moment later: the next screen may want the same.
    if (entry.watchers === 0 && entry.flight) setTimeout(() => entry.watchers === 0 && entry.flight?.stop.abort());
  };
}

/** What is known under a key now. */
export const peekQuery = <T>(key: string): Loaded<T> => (entries.get(key)?.store.get() ?? blank) as Loaded<T>;

const still = createStore(blank);

export function useQuery<T>(
  key: string | null,
  fetch: Fetch<T>,
  options: QueryOptions = {},
): Loaded<T> & { reload: () => void } {
  const entry = key === null ? null : entryFor(key);
  const loaded = useStore(entry?.store ?? still) as Loaded<T>;
  // The key names the fetch: a new closure under the same key reads the same thing.
  useEffect(() => (key === null ? undefined : watchQuery(key, fetch, options)), [key]);
  const reload = useCallback(() => void (entry && outdate(entry)), [entry]);
  const first = entry !== null && loaded.data === undefined && loaded.problem === null;
  return { ...loaded, loading: loaded.loading || first, reload };
}

export interface Pages<T> {
  items: T[];
  next: string | null;
  total: number | undefined;
}

export interface Growing<T> {
  pages: Pages<T> | undefined;
  problem: Problem | null;
  loading: boolean;
  more: () => void;
  growing: boolean;
  moreProblem: Problem | null;
  reload: () => void;
}

const growth = createStore<Record<string, { busy: boolean; problem: Problem | null }>>({});

/** - Parameter key: null for a list that is not wanted. */
export function usePages<T>(
  key: string | null,
  fetch: (cursor: string | null) => Promise<Page<T>>,
  options: QueryOptions = {},
): Growing<T> {
  const first = useQuery<Pages<T>>(key, () => fetchAsFar(fetch, key === null ? 0 : lengthOf(key)), options);
  const state = useStore(growth, (all) => all[key ?? ""]);
  const next = first.data?.next ?? null;
  const more = useCallback(() => {
    if (key === null || next === null || growth.get()[key]?.busy) return;
    growth.set((all) => ({ ...all, [key]: { busy: true, problem: null } }));
    const done = (problem: Problem | null) => growth.set((all) => ({ ...all, [key]: { busy: false, problem } }));
    fetch(next).then((page) => {
      // A reload may have come between: only extend the list that this cursor belongs to.
      entries.get(key)?.store.set((loaded) => {
        const pages = loaded.data as Pages<T> | undefined;
        if (pages?.next !== next) return loaded;
        return { ...loaded, data: { ...pages, items: [...pages.items, ...page.items], next: page.next } };
      });
      done(null);
    }, (error: unknown) => done(asProblem(error)));
  }, [key, next]);
  return {
    pages: first.data,
    problem: first.problem,
    loading: first.loading,
    more,
    growing: state?.busy ?? false,
    moreProblem: state?.problem ?? null,
    reload: first.reload,
  };
}

const lengthOf = (key: string): number => peekQuery<Pages<unknown>>(key).data?.items.length ?? 0;

/** Reads a list again as far as it had grown, so that it does not shrink under its reader. */
async function fetchAsFar<T>(fetch: (cursor: string | null) => Promise<Page<T>>, length: number): Promise<Pages<T>> {
  const first = await fetch(null);
  const pages: Pages<T> = { items: [...first.items], next: first.next, total: first.total };
  while (pages.items.length < length && pages.next !== null) {
    const page = await fetch(pages.next);
    pages.items.push(...page.items);
    pages.next = page.next;
  }
  return pages;
}
