// Optimistic updates of marks and of episodes seen: a change shows at once, one request is under way for each, and the last value wins.
import { asProblem, type Problem } from "../../lib/problem";
import { EntityStore } from "../../lib/entities";
import type { Counts, MarkState, Standing } from "./titles";

export type Toggle = "favorite" | "like" | "watchlist" | "seen" | "hidden";
export type Mark = Toggle | "rating";
export type MarkValue = boolean | number | null;

/** Values by key that the server does not have yet. Each is sent until the server has the last one. */
export class PendingWrites<V> {
  private readonly open = new Map<string, { value: V; busy: boolean }>();

  /**
   * @param send writes a value to the server, and takes in the answer.
   * @param has the server's value as far as known, else undefined.
   * @param changed called when the pending value of a key changes.
   */
  constructor(
    private readonly send: (key: string, value: V) => Promise<void>,
    private readonly has: (key: string) => V | undefined,
    private readonly changed: (key: string) => void,
    private readonly failed: (key: string, value: V, problem: Problem) => void,
  ) {}

  /** The pending value of a key; undefined without one. */
  of(key: string): V | undefined {
    return this.open.get(key)?.value;
  }

  get isIdle(): boolean {
    return this.open.size === 0;
  }

  set(key: string, value: V): void {
    const write = this.open.get(key) ?? { value, busy: false };
    write.value = value;
    this.open.set(key, write);
    this.changed(key);
    if (!write.busy) void this.fulfil(key, write);
  }

  private async fulfil(key: string, write: { value: V; busy: boolean }): Promise<void> {
    write.busy = true;
    for (;;) {
      const sent = write.value;
      try {
        await this.send(key, sent);
        if (Object.is(write.value, sent)) break;
      } catch (error) {
        // A newer value that the server has already needs no request; any other newer value is sent next.
        const isSame = Object.is(write.value, sent);
        if (isSame || Object.is(write.value, this.has(key))) {
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

/** A standing as it will be once a mark is written. */
export function withMark(standing: Standing, mark: Mark, value: MarkValue): Standing {
  if (standing.state[mark] === value) return standing;
  const state = { ...standing.state, [mark]: value } as MarkState;
  const counts = { ...standing.counts };
  if (mark in countOf) {
    const name = countOf[mark as keyof typeof countOf];
    counts[name] = Math.max(0, counts[name] + (value === true ? 1 : -1));
  } else if (mark === "rating") Object.assign(counts, rated(counts, standing.state.rating, state.rating));
  return { state, counts };
}

/** The number and the average of the ratings once one of them changes. */
export function rated(
  counts: Counts,
  before: number | null,
  after: number | null,
): Pick<Counts, "ratings" | "average"> {
  const ratings = Math.max(0, counts.ratings + (after === null ? 0 : 1) - (before === null ? 0 : 1));
  const sum = (counts.average ?? 0) * counts.ratings + (after ?? 0) - (before ?? 0);
  return { ratings, average: ratings > 0 ? Math.min(5, Math.max(0.5, sum / ratings)) : null };
}

/** The number of ratings of each value once mine changes. */
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
  /** When the counts were requested or received. */
  countedAt: number;
}

export type Answer = { state: MarkState | null; counts: Counts | null };

const marks: readonly Mark[] = ["favorite", "like", "watchlist", "seen", "hidden", "rating"];
const keyOf = (id: string, mark: Mark): string => `${mark}:${id}`;
const idOf = (key: string): string => key.slice(key.indexOf(":") + 1);
const markOf = (key: string): Mark => key.slice(0, key.indexOf(":")) as Mark;

/** The marks and counters of titles: the server's, with pending changes applied. */
export class MarkStore {
  /** What the pages show, by the title's id. */
  readonly shown = new EntityStore<Standing>();
  private readonly known = new Map<string, Known>();
  /** Events that came while a request was under way: its answer may contain them already. */
  private readonly held = new Map<string, Answer>();
  private readonly flying = new Map<string, number>();
  readonly pending: PendingWrites<MarkValue>;

  constructor(
    private readonly send: (id: string, mark: Mark, value: MarkValue) => Promise<Answer>,
    failed: (id: string, mark: Mark, value: MarkValue, problem: Problem) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.pending = new PendingWrites<MarkValue>(
      (key, value) => this.deliver(idOf(key), markOf(key), value),
      (key) => this.known.get(idOf(key))?.standing.state[markOf(key)] as MarkValue | undefined,
      (key) => this.show(idOf(key)),
      (key, value, problem) => failed(idOf(key), markOf(key), value, problem),
    );
  }

  set(id: string, mark: Mark, value: MarkValue): void {
    this.pending.set(keyOf(id, mark), value);
  }

  /** Takes in a title of a list or a page. A request made before newer counts arrived does not overwrite them. */
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

  /** Takes in an event. True when it brings a change of mine from another tab or browser. */
  receive(id: string, { state, counts }: Answer): boolean {
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
        // The answer has newer counts than the events before it. Only a newer state of mine is still news.
        if (held?.state) this.apply(id, { state: held.state, counts: null });
      }
    }
  }

  private show(id: string): void {
    const known = this.known.get(id);
    if (!known) return;
    let standing = known.standing;
    for (const mark of marks) {
      const value = this.pending.of(keyOf(id, mark));
      if (value !== undefined) standing = withMark(standing, mark, value);
    }
    this.shown.set(id, standing);
  }
}
