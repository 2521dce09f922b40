// Rows held once each by id. A component hears of its own rows alone, and a change copies one row, not the whole map.
import { useCallback, useSyncExternalStore } from "react";

export class EntityStore<T> {
  private readonly rows = new Map<string, T>();
  private readonly revisions = new Map<string, number>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly watchers = new Set<(ids: ReadonlySet<string>) => void>();
  private changed = new Set<string>();
  private depth = 0;

  get(id: string): T | undefined {
    return this.rows.get(id);
  }

  get size(): number {
    return this.rows.size;
  }

  entries(): IterableIterator<[string, T]> {
    return this.rows.entries();
  }

  /** Puts a row in place, or takes it out. The same row again is no change. */
  set(id: string, row: T | undefined): void {
    if (Object.is(this.rows.get(id), row)) return;
    if (row === undefined) this.rows.delete(id);
    else this.rows.set(id, row);
    this.revisions.set(id, (this.revisions.get(id) ?? 0) + 1);
    this.changed.add(id);
    this.notify();
  }

  /** Changes a row that is there. */
  update(id: string, change: (row: T) => T): void {
    const row = this.rows.get(id);
    if (row !== undefined) this.set(id, change(row));
  }

  /** Changes as many rows as it likes; each listener hears of them once, at the end. */
  batch(run: () => void): void {
    this.depth++;
    try {
      run();
    } finally {
      this.depth--;
      this.notify();
    }
  }

  clear(): void {
    this.batch(() => {
      for (const id of [...this.rows.keys()]) this.set(id, undefined);
    });
  }

  /** Hears of one row. */
  subscribe(id: string, listener: () => void): () => void {
    const own = this.listeners.get(id) ?? new Set();
    this.listeners.set(id, own.add(listener));
    return () => {
      own.delete(listener);
      if (own.size === 0 && this.listeners.get(id) === own) this.listeners.delete(id);
    };
  }

  /** Hears which rows changed, once for each batch: for what counts or groups all of them. */
  watch(watcher: (ids: ReadonlySet<string>) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Grows with every change of one of these rows. */
  revision(ids: readonly string[]): number {
    return ids.reduce((sum, id) => sum + (this.revisions.get(id) ?? 0), 0);
  }

  private notify(): void {
    if (this.depth > 0 || this.changed.size === 0) return;
    const ids = this.changed;
    this.changed = new Set();
    const due = new Set<() => void>();
    for (const id of ids) this.listeners.get(id)?.forEach((listener) => due.add(listener));
    for (const listener of due) listener();
    for (const watcher of [...this.watchers]) watcher(ids);
  }
}

const never = () => () => undefined;

/** One row in a component, which renders again when that row changes and for no other. */
export function useEntity<T>(store: EntityStore<T>, id: string | null): T | undefined {
  const subscribe = useCallback(
    (listener: () => void) => (id === null ? never() : store.subscribe(id, listener)),
    [store, id],
  );
  return useSyncExternalStore(subscribe, () => (id === null ? undefined : store.get(id)));
}

/** Several rows in a component; the answer is a number that grows with each change of one of them. */
export function useEntities<T>(store: EntityStore<T>, ids: readonly string[]): number {
  const key = ids.join();
  const subscribe = useCallback((listener: () => void) => {
    const leaves = ids.map((id) => store.subscribe(id, listener));
    return () => leaves.forEach((leave) => leave());
    // The key says which ids they are.
  }, [store, key]);
  return useSyncExternalStore(subscribe, () => store.revision(ids));
}

/** Reads rows by their ids: what is asked for within one turn goes in one request, and nobody is asked for twice at a time. */
export class BatchReader {
  private waiting = new Map<string, { promise: Promise<void>; done: () => void; failed: (error: unknown) => void }>();
  private readonly flying = new Map<string, Promise<void>>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly read: (ids: readonly string[]) => Promise<void>,
    private readonly most: number,
    private readonly delay = 0,
  ) {}

  /** Reads somebody, or waits for the read that is under way. */
  want(id: string): Promise<void> {
    return this.flying.get(id) ?? this.again(id);
  }

  /** Reads somebody anew: what is under way may be older than what was heard since. */
  again(id: string): Promise<void> {
    const known = this.waiting.get(id);
    if (known) return known.promise;
    let [done, failed]: [() => void, (error: unknown) => void] = [() => undefined, () => undefined];
    const promise = new Promise<void>((resolve, reject) => [done, failed] = [resolve, reject]);
    // Whoever does not wait for it is not told of its failure.
    promise.catch(() => undefined);
    this.waiting.set(id, { promise, done, failed });
    if (this.timer === null) this.timer = setTimeout(() => this.send(), this.delay);
    return promise;
  }

  private send(): void {
    this.timer = null;
    const all = [...this.waiting];
    this.waiting = new Map();
    for (let first = 0; first < all.length; first += this.most) void this.fly(all.slice(first, first + this.most));
  }

  private async fly(some: [string, { promise: Promise<void>; done: () => void; failed: (e: unknown) => void }][]) {
    for (const [id, { promise }] of some) this.flying.set(id, promise);
    try {
      await this.read(some.map(([id]) => id));
      for (const [, { done }] of some) done();
    } catch (error) {
      for (const [, { failed }] of some) failed(error);
    } finally {
      for (const [id, { promise }] of some) if (this.flying.get(id) === promise) this.flying.delete(id);
    }
  }
}
