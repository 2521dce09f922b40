// Server data in components: cached by key, shown at once on return, fetched again behind; pages that grow.
import { useCallback, useEffect } from "react";
import type { Page } from "./api";
import { asProblem, type Problem } from "./problem";
import { createStore, type Store, useStore } from "./store";

export interface Loaded<T> {
  data: T | undefined;
  problem: Problem | null;
  loading: boolean;
}

interface Entry {
  store: Store<Loaded<unknown>>;
  turn: number;
  fetch: (() => Promise<unknown>) | null;
  watchers: number;
}

const entries = new Map<string, Entry>();
/** As many answers as are kept; what nobody looks at makes room, the oldest first. */
const most = 300;
const blank: Loaded<unknown> = { data: undefined, problem: null, loading: false };

function entryFor(key: string): Entry {
  let entry = entries.get(key);
  if (!entry) {
    entry = { store: createStore(blank), turn: 0, fetch: null, watchers: 0 };
    entries.set(key, entry);
    if (entries.size > most) forgetOne();
  }
  return entry;
}

function forgetOne(): void {
  for (const [key, entry] of entries) {
    if (entry.watchers === 0) return void entries.delete(key);
  }
}

async function load(entry: Entry): Promise<void> {
  if (!entry.fetch) return;
  const turn = ++entry.turn;
  entry.store.set((loaded) => ({ ...loaded, loading: true }));
  try {
    const data = await entry.fetch();
    if (turn === entry.turn) entry.store.set({ data, problem: null, loading: false });
  } catch (error) {
    if (turn === entry.turn) entry.store.set((loaded) => ({ ...loaded, problem: asProblem(error), loading: false }));
  }
}

/** Something else that keeps answers of the server: it hears of what is told to the queries here. */
export interface Keeper {
  invalidate: (prefix: string) => void;
  retryOffline: () => void;
  forgetAll: () => void;
}

const keepers: Keeper[] = [];

export const addKeeper = (keeper: Keeper): void => void keepers.push(keeper);

/** Fetches again whatever is on screen under this prefix, and forgets the rest. */
export function invalidate(prefix: string): void {
  for (const keeper of keepers) keeper.invalidate(prefix);
  for (const [key, entry] of entries) {
    if (!key.startsWith(prefix)) continue;
    if (entry.watchers > 0) void load(entry);
    else entries.delete(key);
  }
}

/** The server answers again: what failed for want of it is fetched once more. */
export function retryOffline(): void {
  for (const keeper of keepers) keeper.retryOffline();
  for (const entry of entries.values()) {
    if (entry.watchers > 0 && entry.store.get().problem?.isOffline) void load(entry);
  }
}

export function forgetAll(): void {
  for (const keeper of keepers) keeper.forgetAll();
  entries.clear();
}

/**
 * Changes what is cached, for an optimistic edit; the answer is what was there.
 * A read that is under way does not know the edit and is dropped: whoever edits invalidates the key once that is done.
 */
export function amend<T>(key: string, change: (data: T) => T): T | undefined {
  const entry = entries.get(key);
  const before = entry?.store.get().data as T | undefined;
  if (entry && before !== undefined) {
    entry.turn++;
    entry.store.set((loaded) => ({ ...loaded, data: change(before), loading: false }));
  }
  return before;
}

const still = createStore(blank);

export function useQuery<T>(key: string | null, fetch: () => Promise<T>): Loaded<T> & { reload: () => void } {
  const entry = key === null ? null : entryFor(key);
  const loaded = useStore(entry?.store ?? still) as Loaded<T>;
  useEffect(() => {
    if (!entry) return;
    entry.watchers++;
    entry.fetch = fetch;
    void load(entry);
    return () => {
      entry.watchers--;
    };
    // The key names the fetch: a new closure under the same key fetches the same thing.
  }, [key]);
  const reload = useCallback(() => void (entry && load(entry)), [entry]);
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

export function usePages<T>(key: string, fetch: (cursor: string | null) => Promise<Page<T>>): Growing<T> {
  const first = useQuery<Pages<T>>(key, () => fetchAsFar(fetch, lengthOf(key)));
  const state = useStore(growth, (all) => all[key]);
  const next = first.data?.next ?? null;
  const more = useCallback(() => {
    if (next === null || growth.get()[key]?.busy) return;
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

const lengthOf = (key: string): number =>
  (entries.get(key)?.store.get().data as Pages<unknown> | undefined)?.items.length ?? 0;

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
