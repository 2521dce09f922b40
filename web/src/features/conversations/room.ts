// The loaded messages of one conversation, paged in both directions and updated by events.
import { get, put } from "../../lib/api";
import { asProblem, type Problem } from "../../lib/problem";
import { asList, asNumber, asRaw, type Raw } from "../../lib/resources";
import { createStore } from "../../lib/store";
import { type Message, type Reaction, readMessage } from "./shapes";
import { conversations, countIn, mine, takeRead } from "./store";
import { append, arrive, empty, lastSeq, merge, prepend, react, type Stretch, trim, update } from "./window";

export interface RoomState extends Stretch {
  /** Nothing is loaded yet, or not the wanted part. */
  loading: boolean;
  problem: Problem | null;
  /** The first unread seq when the conversation was opened; null for none. */
  newFrom: number | null;
  /** The message that it opened at; null for the end. */
  target: string | null;
  /** New messages below the visible part. */
  below: number;
}

const pageSize = 50;
/** With more unread messages it opens at the first of them and pages in both directions. */
const mostAtOnce = 30;

export class Room {
  readonly state = createStore<RoomState>({
    ...empty,
    loading: true,
    problem: null,
    newFrom: null,
    target: null,
    below: 0,
  });
  /** The number of open views. */
  watchers = 0;
  isStale = true;
  private turn = 0;
  private busy = { before: false, after: false };
  private read = { wanted: 0, sent: 0, busy: false };

  constructor(readonly id: string) {}

  private set(change: Partial<RoomState>): void {
    this.state.set((state) => ({ ...state, ...change }));
  }

  private stretch(stretch: Stretch): void {
    this.set({ items: stretch.items, hasBefore: stretch.hasBefore, hasAfter: stretch.hasAfter });
  }

  private async page(query: Record<string, string | number>): Promise<Stretch> {
    const answer = asRaw(await get<unknown>(`/conversations/${this.id}/messages`, query));
    const items = asList(answer["items"]).map(readMessage).sort((one, other) => one.seq - other.seq);
    return { items, hasBefore: answer["has_before"] === true, hasAfter: answer["has_after"] === true };
  }

  /** Opens at a message, else at the first unread one, else at the end. Loaded messages show at once. */
  async open(at: string | null): Promise<void> {
    const known = conversations.get(this.id);
    const unread = known?.unread ?? 0;
    const readSeq = known?.read_seq ?? null;
    const newFrom = unread > 0 && readSeq !== null ? readSeq + 1 : null;
    this.set({ newFrom, below: 0 });
    const here = this.state.get();
    const isHere = at === null
      ? !this.isStale && !here.hasAfter && here.items.length > 0 &&
        (newFrom === null || newFrom > (here.items[0]?.seq ?? 0))
      : here.items.some(({ id }) => id === at);
    if (isHere && !this.isStale) {
      return this.set({ loading: false, problem: null, target: at ?? this.firstNew(newFrom) });
    }
    const turn = ++this.turn;
    this.set({ loading: here.items.length === 0 || at !== null, problem: null });
    try {
      const where: Record<string, string | number> = at !== null
        ? { around: at }
        : newFrom !== null && unread > mostAtOnce
        ? { around_seq: newFrom }
        : {};
      const stretch = await this.page({ ...where, limit: pageSize });
      if (turn !== this.turn) return;
      this.isStale = false;
      // Messages that arrived meanwhile are in the answer or follow it.
      const late = !stretch.hasAfter ? this.state.get().items.filter(({ seq }) => seq > lastSeq(stretch)) : [];
      this.stretch({ ...stretch, items: merge(stretch.items, late) });
      this.set({ loading: false, target: at ?? this.firstNew(newFrom) });
    } catch (error) {
      if (turn === this.turn) this.set({ loading: false, problem: asProblem(error) });
    }
  }

  private firstNew(newFrom: number | null): string | null {
    if (newFrom === null) return null;
    const found = this.state.get().items.find(({ seq, author_id, kind }) =>
      seq >= newFrom && author_id !== mine.id && kind !== "system"
    );
    return found?.id ?? null;
  }

  /** Reads the visible part again after missed events. */
  async refresh(seen: string | null): Promise<void> {
    const here = this.state.get();
    if (here.items.length === 0) return this.open(null);
    if (!here.hasAfter || seen === null) {
      try {
        const { items } = await this.page({ limit: pageSize });
        const joins = (items[0]?.seq ?? 0) <= lastSeq(this.state.get()) + 1;
        this.isStale = false;
        const now = this.state.get();
        this.stretch(
          joins
            ? { ...now, items: merge(now.items, items), hasAfter: false }
            : { items, hasBefore: true, hasAfter: false },
        );
      } catch {
        // The messages stay; the next connection tries again.
        this.isStale = true;
      }
    } else {
      this.isStale = true;
      await this.open(seen);
    }
  }

  async before(): Promise<void> {
    const first = this.state.get().items[0];
    if (this.busy.before || !first || !this.state.get().hasBefore) return;
    this.busy.before = true;
    const turn = this.turn;
    try {
      const { items, hasBefore } = await this.page({ before: first.id, limit: pageSize });
      if (turn === this.turn) this.stretch(trim(prepend(this.state.get(), items, hasBefore), "start"));
    } catch (error) {
      this.set({ problem: asProblem(error) });
    } finally {
      this.busy.before = false;
    }
  }

  async after(): Promise<void> {
    const { items, hasAfter } = this.state.get();
    const last = items[items.length - 1];
    if (this.busy.after || !last || !hasAfter) return;
    this.busy.after = true;
    const turn = this.turn;
    try {
      const page = await this.page({ after: last.id, limit: pageSize });
      if (turn === this.turn) this.stretch(trim(append(this.state.get(), page.items, page.hasAfter), "end"));
    } catch (error) {
      this.set({ problem: asProblem(error) });
    } finally {
      this.busy.after = false;
    }
  }

  /** A new message, from an event or the answer to a request. */
  arrive(message: Message): void {
    const state = this.state.get();
    if (state.loading && state.items.length === 0) return;
    const next = arrive(state, message);
    if (next === "gap") return void this.refresh(null);
    if (next !== null) this.stretch(trim(next, "end"));
    if (message.author_id !== mine.id && message.kind !== "system") this.set({ below: this.state.get().below + 1 });
  }

  change(message: Message): void {
    const next = update(this.state.get(), message);
    if (next) this.stretch(next);
  }

  react(id: string, reactions: readonly Reaction[]): void {
    this.stretch(react(this.state.get(), id, reactions));
  }

  reactionsOf(id: string): readonly Reaction[] {
    return this.state.get().items.find((each) => each.id === id)?.reactions ?? [];
  }

  /** The view closes: the “new” line is removed. */
  leave(): void {
    this.set({ newFrom: null, target: null, below: 0 });
  }

  seenEnd(): void {
    if (this.state.get().below > 0) this.set({ below: 0 });
  }

  /** Marks messages as seen up to here; the server gets it after a pause. */
  markRead(seq: number, back = false): void {
    const known = conversations.get(this.id);
    if (!known || (!back && seq <= (known.read_seq ?? 0) && (known.unread ?? 1) === 0)) return;
    if (!back && seq <= this.read.wanted && this.read.sent >= seq && (known.unread ?? 0) === 0) return;
    this.read.wanted = seq;
    if (!back && seq >= known.last_seq) takeRead({ conversation_id: this.id, read_seq: seq, unread: 0, mentions: 0 });
    void this.tell();
  }

  private async tell(): Promise<void> {
    if (this.read.busy) return;
    this.read.busy = true;
    try {
      while (this.read.sent !== this.read.wanted) {
        const seq = this.read.wanted;
        const answer = asRaw(await put<unknown>(`/conversations/${this.id}/read`, { seq }));
        this.read.sent = seq;
        if (seq !== this.read.wanted) continue;
        const last = conversations.get(this.id)?.last_seq ?? 0;
        // The answer does not include messages that arrived meanwhile.
        if (last <= seq || asNumber(answer["unread"]) !== 0) takeRead({ ...answer, conversation_id: this.id });
      }
    } catch {
      this.read.wanted = this.read.sent;
    } finally {
      this.read.busy = false;
    }
  }

  /** Marks this message and later ones as unread. */
  markUnread(message: Message): void {
    this.set({ newFrom: message.seq });
    this.read.sent = -1;
    this.markRead(message.seq - 1, true);
  }
}

const rooms = new Map<string, Room>();
const mostRooms = 20;

export function roomOf(id: string): Room {
  const known = rooms.get(id);
  if (known) {
    // The most recently used last; beyond the limit the first is dropped.
    rooms.delete(id);
    rooms.set(id, known);
    return known;
  }
  const room = new Room(id);
  rooms.set(id, room);
  for (const [old, each] of rooms) {
    if (rooms.size <= mostRooms) break;
    if (each.watchers === 0) rooms.delete(old);
  }
  return room;
}

export const openRooms = (): readonly Room[] => [...rooms.values()];
export const heldRoom = (id: string): Room | undefined => rooms.get(id);
export const forgetRooms = (): void => rooms.clear();
export const dropRoom = (id: string): void => void rooms.delete(id);

export function hearMessage(message: Message, numbers: Raw = {}): void {
  countIn(message, numbers);
  rooms.get(message.conversation_id)?.arrive(message);
}
