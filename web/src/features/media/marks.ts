// What is wanted of the server, shown at once: a title's marks and an episode's. One request at a time for each, and the last word counts.
import { asProblem, type Problem } from "../../lib/problem";
import { EntityStore } from "../../lib/entities";
import type { Counts, MarkState, Standing } from "./titles";

export type Toggle = "favorite" | "like" | "watchlist" | "seen" | "hidden";
export type Mark = Toggle | "rating";
export type MarkValue = boolean | number | null;

/** Wishes by key: each is sent until the server has what was wanted last. */
export class Wishes<V> {
  private readonly open = new Map<string, { value: V; busy: boolean }>();

  /**
   * @param send tells the server; what it resolves with has been taken in by then.
   * @param has what the server has, as far as is known; undefined where nothing is known.
   * @param changed called whenever what is wanted of a key changes.
   */
  constructor(
    private readonly send: (key: string, value: V) => Promise<void>,
    private readonly has: (key: string) => V | undefined,
    private readonly changed: (key: string) => void,
    private readonly failed: (key: string, value: V, problem: Problem) => void,
  ) {}

  /** What is wanted of a key, undefined when nothing is. */
  of(key: string): V | undefined {
    return this.open.get(key)?.value;
  }

  get isIdle(): boolean {
    return this.open.size === 0;
  }

  want(key: string, value: V): void {
    const wish = this.open.get(key) ?? { value, busy: false };
    wish.value = value;
    this.open.set(key, wish);
    this.changed(key);
    if (!wish.busy) void this.fulfil(key, wish);
  }

  private async fulfil(key: string, wish: { value: V; busy: boolean }): Promise<void> {
    wish.busy = true;
    for (;;) {
      const sent = wish.value;
      try {
        await this.send(key, sent);
        if (Object.is(wish.value, sent)) break;
      } catch (error) {
        // Whoever has changed their mind since is where the server is, or asks for something else now.
        const isSame = Object.is(wish.value, sent);
        if (isSame || Object.is(wish.value, this.has(key))) {
          this.end(key);
          if (isSame) this.failed(key, sent, asProblem(error));
          return;
        }
      }
    }
    this.end(key);
  }

  private end(key: string): void {
    this.open.delete(key);
    this.changed(key);
  }
}

const countOf = { favorite: "favorite", like: "like", watchlist: "watchlist" } as const;

/** A standing as it will be once what is wanted is done. */
export function withWish(standing: Standing, mark: Mark, value: MarkValue): Standing {
  if (standing.state[mark] === value) return standing;
  const state = { ...standing.state, [mark]: value } as MarkState;
  const counts = { ...standing.counts };
  if (mark in countOf) {
    const name = countOf[mark as keyof typeof countOf];
    counts[name] = Math.max(0, counts[name] + (value === true ? 1 : -1));
  } else if (mark === "rating") Object.assign(counts, rated(counts, standing.state.rating, state.rating));
  return { state, counts };
}

/** The figures of all the notes once one is another. */
export function rated(
  counts: Counts,
  before: number | null,
  after: number | null,
): Pick<Counts, "ratings" | "average"> {
  const ratings = Math.max(0, counts.ratings + (after === null ? 0 : 1) - (before === null ? 0 : 1));
  const sum = (counts.average ?? 0) * counts.ratings + (after ?? 0) - (before ?? 0);
  return { ratings, average: ratings > 0 ? Math.min(5, Math.max(0.5, sum / ratings)) : null };
}

/** How many gave each note, once mine is another. */
export function recounted(histogram: readonly number[], before: number | null, after: number | null): number[] {
  const counts = [...histogram];
  const add = (rating: number | null, by: number) => {
    const at = rating === null ? -1 : Math.round(rating * 2) - 1;
    if (at >= 0 && at < counts.length) counts[at] = Math.max(0, (counts[at] ?? 0) + by);
  };
  add(before, -1);
  add(after, 1);
  return counts;
}

interface Known {
  standing: Standing;
  /** When the counts were asked for, or heard of. */
  countedAt: number;
}

export type Answer = { state: MarkState | null; counts: Counts | null };

const marks: readonly Mark[] = ["favorite", "like", "watchlist", "seen", "hidden", "rating"];
const keyOf = (id: string, mark: Mark): string => `${mark}:${id}`;
const idOf = (key: string): string => key.slice(key.indexOf(":") + 1);
const markOf = (key: string): Mark => key.slice(0, key.indexOf(":")) as Mark;

/** What is said of each title: what the server has told, and over it what is wanted. */
export class Ledger {
  /** What is shown, by the title's id. */
  readonly shown = new EntityStore<Standing>();
  private readonly known = new Map<string, Known>();
  /** Told while a change of ours was under way: its answer may know it already. */
  private readonly held = new Map<string, Answer>();
  private readonly flying = new Map<string, number>();
  readonly wishes: Wishes<MarkValue>;

  constructor(
    private readonly send: (id: string, mark: Mark, value: MarkValue) => Promise<Answer>,
    failed: (id: string, mark: Mark, value: MarkValue, problem: Problem) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.wishes = new Wishes<MarkValue>(
      (key, value) => this.deliver(idOf(key), markOf(key), value),
      (key) => this.known.get(idOf(key))?.standing.state[markOf(key)] as MarkValue | undefined,
      (key) => this.show(idOf(key)),
      (key, value, problem) => failed(idOf(key), markOf(key), value, problem),
    );
  }

  want(id: string, mark: Mark, value: MarkValue): void {
    this.wishes.want(keyOf(id, mark), value);
  }

  /** Takes what a list or a page says of a title; what was asked for before a later word is older than it. */
  seed(id: string, standing: Standing, askedAt: number): void {
    const before = this.known.get(id);
    if (before && (this.flying.get(id) ?? 0) > 0) return;
    const isOlder = before !== undefined && standing.state.version < before.standing.state.version;
    const countsAreOlder = before !== undefined && askedAt < before.countedAt;
    if (before && isOlder && countsAreOlder) return;
    this.known.set(id, {
      standing: {
        state: before && isOlder ? before.standing.state : standing.state,
        counts: before && countsAreOlder ? before.standing.counts : standing.counts,
      },
      countedAt: countsAreOlder ? before.countedAt : askedAt,
    });
    this.show(id);
  }

  /**
   * Takes an event in. True when it brings a change of mine from elsewhere: another tab, another browser.
   */
  hear(id: string, { state, counts }: Answer): boolean {
    if ((this.flying.get(id) ?? 0) > 0) {
      const held = this.held.get(id);
      this.held.set(id, { state: state ?? held?.state ?? null, counts: counts ?? held?.counts ?? null });
      return false;
    }
    const before = this.known.get(id);
    const isNews = state !== null && state.version > (before?.standing.state.version ?? 0);
    if (before) this.apply(id, { state, counts });
    return isNews;
  }

  forget(): void {
    this.known.clear();
    this.held.clear();
    this.shown.clear();
  }

  private apply(id: string, { state, counts }: Answer): void {
    const before = this.known.get(id);
    if (!before) return;
    const isNewer = state !== null && state.version >= before.standing.state.version;
    this.known.set(id, {
      standing: {
        state: isNewer ? state : before.standing.state,
        counts: counts !== null && (isNewer || state === null) ? counts : before.standing.counts,
      },
      countedAt: this.now(),
    });
    this.show(id);
  }

  private async deliver(id: string, mark: Mark, value: MarkValue): Promise<void> {
    this.flying.set(id, (this.flying.get(id) ?? 0) + 1);
    try {
      this.apply(id, await this.send(id, mark, value));
    } finally {
      const left = (this.flying.get(id) ?? 1) - 1;
      if (left > 0) this.flying.set(id, left);
      else {
        this.flying.delete(id);
        const held = this.held.get(id);
        this.held.delete(id);
        // The answer counts what was told before it; of what was told, a later word of mine alone is news.
        if (held?.state) this.apply(id, { state: held.state, counts: null });
      }
    }
  }

  private show(id: string): void {
    const known = this.known.get(id);
    if (!known) return;
    let standing = known.standing;
    for (const mark of marks) {
      const value = this.wishes.of(keyOf(id, mark));
      if (value !== undefined) standing = withWish(standing, mark, value);
    }
    this.shown.set(id, standing);
  }
}
