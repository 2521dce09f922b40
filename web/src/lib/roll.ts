// A list of any length, read page by page along its cursors; of its rows only those near the screen are held.
import { useEffect } from "react";
import type { Page } from "./api";
import { asProblem, type Problem } from "./problem";
import { addCacheObserver } from "./query";
import { createStore, type Store, useStore } from "./store";

/** Rows of a page: all have as many but the last. */
export const leafSize = 50;
/** Pages on either side of what is shown whose rows are kept. */
const margin = 4;
/** Lists that are kept after they left the screen, so that the way back finds them. */
const mostRolls = 3;

interface Leaf<T> {
  cursor: string | null;
  count: number;
  /** Null once they were let go. */
  items: readonly T[] | null;
  stale: boolean;
}

export interface Rolled<T> {
  leaves: readonly Leaf<T>[];
  /** The rows that are known to be there, held or not. */
  length: number;
  /** How many the server counts. */
  total: number | undefined;
  isWhole: boolean;
  problem: Problem | null;
}

export interface RollSource<T> {
  fetch: (cursor: string | null, limit: number, count: boolean) => Promise<Page<T>>;
  /** Called with rows that are not held any more. */
  drop?: (items: readonly T[]) => void;
  /** What the list depends on: it is read again when one of these changes. */
  about?: readonly string[];
}

/** One list; reads one page at a time, as far as it is asked to show. */
export class Roll<T> {
  readonly store: Store<Rolled<T>> = createStore<Rolled<T>>({
    leaves: [],
    length: 0,
    total: undefined,
    isWhole: false,
    problem: null,
  });
  watchers = 0;
  private next: string | null = null;
  private wanted = { first: 0, last: 0, pinned: 0 };
  private isBusy = false;
  private counts = true;
  private turn = 0;

  constructor(readonly source: RollSource<T>) {}

  /** The row at an index; undefined where it is not held. */
  static row<T>(rolled: Rolled<T>, index: number): T | undefined {
    return rolled.leaves[Math.floor(index / leafSize)]?.items?.[index % leafSize];
  }

  /** Says which rows are on the screen, and which one must stay besides. */
  show(first: number, last: number, pinned: number): void {
    const leaf = (row: number) => Math.max(0, Math.floor(row / leafSize));
    // Half a page ahead, so that scrolling seldom meets the end.
    this.wanted = { first: leaf(first), last: leaf(last + leafSize / 2), pinned: leaf(pinned) };
    void this.work();
  }

  refresh(): void {
    this.counts = true;
    this.turn++;
    this.set({ leaves: this.leaves.map((leaf) => ({ ...leaf, stale: true })), problem: null });
    if (this.watchers > 0) void this.work();
  }

  release(): void {
    this.turn++;
    const held = this.leaves.flatMap((leaf) => leaf.items ?? []);
    if (held.length > 0) this.source.drop?.(held);
  }

  private get leaves(): readonly Leaf<T>[] {
    return this.store.get().leaves;
  }

  private set(change: Partial<Rolled<T>>): void {
    this.store.set((rolled) => ({ ...rolled, ...change }));
  }

  private async work(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (let index = this.due(); index !== null; index = this.due()) await this.read(index);
    } catch (error) {
      this.set({ problem: asProblem(error) });
    } finally {
      this.isBusy = false;
    }
    this.letGo();
  }

  /** The next page to read: what is wanted and not held or not fresh, then what comes after the last. */
  private due(): number | null {
    const { leaves, isWhole, problem } = this.store.get();
    if (problem) return null;
    const { first, last, pinned } = this.wanted;
    for (let index = first; index <= Math.min(last, leaves.length - 1); index++) {
      if (leaves[index]?.stale || !leaves[index]?.items) return index;
    }
    if (leaves[pinned]?.stale) return pinned;
    return last >= leaves.length && !isWhole ? leaves.length : null;
  }

  private async read(index: number): Promise<void> {
    const turn = this.turn;
    const known = this.leaves[index];
    const cursor = known ? known.cursor : this.next;
    const page = await this.source.fetch(cursor, leafSize, this.counts);
    // Made stale on the way: it is read again, unless it came before the answer was made; shown meanwhile.
    const leaf = { cursor, count: page.items.length, items: page.items, stale: turn !== this.turn };
    const leaves = [...this.leaves.slice(0, index), leaf, ...this.leaves.slice(index + 1)];
    if (page.total !== undefined) {
      this.counts = turn !== this.turn;
      this.set({ total: page.total });
    }
    this.chain(leaves, index, page.next);
  }

  /** The page after this one begins where this one ends now. */
  private chain(leaves: Leaf<T>[], index: number, next: string | null): void {
    const after = leaves[index + 1];
    if (next === null) leaves.length = index + 1;
    else if (after && after.cursor !== next) leaves[index + 1] = { ...after, cursor: next, stale: true };
    if (leaves.length === index + 1) this.next = next;
    const last = leaves[leaves.length - 1];
    this.set({
      leaves,
      length: (leaves.length - 1) * leafSize + (last?.count ?? 0),
      isWhole: this.next === null,
    });
  }

  private letGo(): void {
    const { first, last, pinned } = this.wanted;
    const far = (index: number) => (index < first - margin || index > last + margin) && index !== pinned;
    const gone = this.leaves.flatMap((leaf, index) => (far(index) ? leaf.items ?? [] : []));
    if (gone.length === 0) return;
    this.set({ leaves: this.leaves.map((leaf, index) => (far(index) ? { ...leaf, items: null } : leaf)) });
    this.source.drop?.(gone);
  }
}

const rolls = new Map<string, Roll<unknown>>();

function rollFor<T>(key: string, source: RollSource<T>): Roll<T> {
  const found = (rolls.get(key) as Roll<T> | undefined) ?? new Roll(source);
  rolls.delete(key);
  rolls.set(key, found as Roll<unknown>);
  for (const [old, roll] of rolls) {
    if (rolls.size <= mostRolls) break;
    if (roll.watchers > 0 || old === key) continue;
    rolls.delete(old);
    roll.release();
  }
  return found;
}

addCacheObserver({
  invalidate: (tag) => rolls.forEach((roll) => roll.source.about?.includes(tag) && roll.refresh()),
  invalidateAll: () => rolls.forEach((roll) => roll.refresh()),
  retryOffline: () => rolls.forEach((roll) => roll.store.get().problem?.isOffline && roll.refresh()),
  forgetAll: () => rolls.clear(),
});

/** A list for as long as it is on screen; one that was there before is shown at once and read again behind. */
export function useRoll<T>(key: string, source: RollSource<T>): [Rolled<T>, Roll<T>] {
  const roll = rollFor(key, source);
  useEffect(() => {
    roll.watchers++;
    if (roll.store.get().leaves.length > 0) roll.refresh();
    return () => {
      roll.watchers--;
    };
  }, [roll]);
  return [useStore(roll.store), roll];
}
