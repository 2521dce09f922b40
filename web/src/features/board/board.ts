// Who is on the board: a snapshot under a filter, then what the same filter lets through. The server alone decides who matches.
import { get, type Page } from "../../lib/api";
import { gateway } from "../../lib/live";
import { fold } from "../../lib/fold";
import { asProblem, type Problem } from "../../lib/problem";
import { asIds, asNumber, asRaw, asStatus, asText, nameOf, type Raw, readPresence } from "../../lib/resources";
import { createStore, type Store } from "../../lib/store";
import { presences, seedAll } from "../presence/presences";
import { type BoardPerson, here, inOrder } from "./groups";

export interface BoardFilters {
  /** Of those who are there; empty for all of them. */
  statuses: readonly string[];
  role: string | null;
  text: string;
}

export interface Board {
  /** Everybody on it, by name. */
  people: readonly BoardPerson[];
  /** How much of the snapshot has come; null once it has. */
  reading: { read: number; total: number } | null;
  /** Whether everybody who matches is held. */
  whole: boolean;
  problem: Problem | null;
}

const mostPages = 100;
const pageSize = 200;
const mostNames = 100;
const lookUpAfter = 200;

const query = (filters: BoardFilters): Record<string, string | null> => ({
  status: (filters.statuses.length > 0 ? filters.statuses : here).join(),
  role: filters.role,
  text: filters.text || null,
});

const subscription = (filters: BoardFilters): Record<string, unknown> => ({
  status: filters.statuses.length > 0 ? { in: [...filters.statuses] } : { "!=": "offline" },
  ...(filters.role ? { role: filters.role } : {}),
  ...(filters.text ? { text: filters.text } : {}),
});

function readPerson(raw: Raw): BoardPerson {
  const person = {
    id: asText(raw["user_id"]) ?? "",
    username: asText(raw["username"]) ?? "",
    display_name: asText(raw["display_name"]),
    avatar_url: asText(raw["avatar_url"]),
    roles: asIds(raw["roles"]),
  };
  return { ...person, sort: fold(nameOf(person)) };
}

const presenceOf = (raw: Raw) => ({ ...readPresence(raw), version: asNumber(raw["version"]) ?? 0 });

/** Follows the people of one filter until it is stopped. */
export class Watch {
  readonly store: Store<Board> = createStore<Board>({
    people: [],
    reading: { read: 0, total: 0 },
    whole: true,
    problem: null,
  });
  private held = new Map<string, BoardPerson>();
  private sorted: BoardPerson[] | null = [];
  private unknown = new Set<string>();
  /** The version that was last heard of each. */
  private heard = new Map<string, number>();
  /** Who was looked up while a snapshot was on its way, which may be older than what was found. */
  private overtaken: Set<string> | null = null;
  private timers = { lookUp: 0, show: 0 };
  private cost = 0;
  private turn = 0;
  private isAsking = false;
  private isStopped = false;
  private readonly leaves: (() => void)[];

  constructor(private readonly filters: BoardFilters) {
    this.leaves = [
      gateway.on("presence.*", (event) => this.hear(event), "presence"),
      presences.watch((ids) => [...ids].some((id) => this.held.has(id)) && this.showSoon()),
      gateway.subscribe("presence", () => void this.read(), subscription(filters)),
    ];
  }

  stop(): void {
    this.turn++;
    this.isStopped = true;
    clearTimeout(this.timers.lookUp);
    clearTimeout(this.timers.show);
    for (const leave of this.leaves) leave();
  }

  /** Takes the snapshot; what is shown stays until there is a newer one, but for the first, which grows on screen. */
  async read(): Promise<void> {
    const turn = ++this.turn;
    const isFirst = this.held.size === 0;
    const overtaken = this.overtaken = new Set();
    const fresh = isFirst ? this.held : new Map<string, BoardPerson>();
    let [cursor, total, pages]: [string | null, number, number] = [null, 0, 0];
    try {
      do {
        const askedAt = Date.now();
        const page: Page<Raw> = await get<Page<Raw>>("/presence", {
          ...query(this.filters),
          limit: pageSize,
          cursor,
          count: cursor === null ? true : null,
        });
        if (turn !== this.turn) return;
        total = page.total ?? total;
        this.take(page.items, askedAt, fresh);
        cursor = page.next;
        pages++;
        if (cursor !== null && isFirst) this.told({ reading: { read: fresh.size, total }, problem: null });
      } while (cursor !== null && pages < mostPages);
      this.held = fresh;
      this.sorted = null;
      this.overtaken = null;
      for (const id of overtaken) this.unknown.add(id);
      if (overtaken.size > 0) this.lookUpSoon(lookUpAfter);
      this.told({ reading: null, whole: cursor === null, problem: null });
    } catch (error) {
      if (turn !== this.turn) return;
      this.overtaken = null;
      this.told({ reading: null, problem: asProblem(error) });
    }
  }

  private take(items: readonly unknown[], askedAt: number, into: Map<string, BoardPerson>): Set<string> {
    const rows = items.map(asRaw);
    const people = rows.map(readPerson);
    for (const person of people) into.set(person.id, person);
    this.sorted = null;
    seedAll(rows.map((raw, index) => ({ id: people[index]?.id ?? "", presence: presenceOf(raw) })), askedAt);
    return new Set(people.map((person) => person.id));
  }

  /** Who came, or may have changed in something that an event does not say, is read; who left is dropped. */
  private hear(event: Raw): void {
    const [id, status] = [asText(event["user_id"]), asStatus(event["status"])];
    if (id === null || status === null) return;
    if (!this.isWanted(status)) {
      this.unknown.delete(id);
      return this.drop([id]);
    }
    const version = asNumber(event["version"]) ?? 0;
    const isNews = version > Math.max(this.heard.get(id) ?? 0, presences.get(id)?.version ?? 0);
    this.heard.set(id, version);
    // The same version again: a name or a role changed. With a text, only the server knows whether it still fits.
    if (this.held.has(id) && isNews && !this.filters.text) return;
    this.unknown.add(id);
    this.lookUpSoon(lookUpAfter);
  }

  private lookUpSoon(after: number): void {
    if (this.timers.lookUp === 0 && !this.isAsking) {
      this.timers.lookUp = window.setTimeout(() => void this.lookUp(), after);
    }
  }

  private isWanted(status: string): boolean {
    return this.filters.statuses.length > 0
      ? this.filters.statuses.includes(status)
      : (here as readonly string[]).includes(status);
  }

  private drop(ids: Iterable<string>): void {
    for (const id of ids) if (this.held.delete(id)) this.sorted = null;
    this.showSoon();
  }

  private async lookUp(): Promise<void> {
    [this.timers.lookUp, this.isAsking] = [0, true];
    let after = lookUpAfter;
    const ids = [...this.unknown].slice(0, mostNames);
    for (const id of ids) this.unknown.delete(id);
    try {
      const askedAt = Date.now();
      const page = await get<Page<Raw>>("/presence", { ...query(this.filters), user_id: ids.join(), limit: pageSize });
      for (const id of ids) this.overtaken?.add(id);
      const found = this.take(page.items, askedAt, this.held);
      this.drop(ids.filter((id) => !found.has(id)));
    } catch {
      // No answer now: they are asked for again, as long as somebody looks.
      for (const id of ids) this.unknown.add(id);
      after = 10 * lookUpAfter;
    }
    this.isAsking = false;
    if (this.unknown.size > 0 && !this.isStopped) this.lookUpSoon(after);
  }

  private showSoon(): void {
    if (this.timers.show !== 0) return;
    // Thousands of changes a second are some pictures a second: no more than a fifth of the time is spent on them.
    this.timers.show = window.setTimeout(() => this.told({}), Math.min(1_000, 40 + 4 * this.cost));
  }

  private told(change: Partial<Board>): void {
    clearTimeout(this.timers.show);
    this.timers.show = 0;
    const begin = performance.now();
    this.sorted ??= inOrder(this.held.values());
    const people = this.sorted.filter(({ id }) => this.isWanted(presences.get(id)?.status ?? "offline"));
    this.store.set((board) => ({ ...board, ...change, people }));
    this.cost = performance.now() - begin;
  }
}
