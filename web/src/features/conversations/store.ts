// The conversations of this person and the readable channels: one row each, updated by events.
import type { Badge } from "../../contract/feature";
import { get, type Page } from "../../lib/api";
import { EntityStore, useEntity } from "../../lib/entities";
import { asProblem, type Problem } from "../../lib/problem";
import { asList, asNumber, asRaw, asText, nameOf, type Raw } from "../../lib/resources";
import { createStore } from "../../lib/store";
import { setBadges } from "./badges";
import { type Conversation, type Message, readConversation } from "./shapes";

export const conversations = new EntityStore<Conversation>();

export interface Category {
  id: string;
  name: string;
  position: number;
}

interface Listed {
  state: "loading" | "here" | "failed";
  problem: Problem | null;
}

export const listed = createStore<Listed>({ state: "loading", problem: null });
export const categories = createStore<readonly Category[]>([]);
/** The topic of activity in channels off screen. */
export const activityTopic = createStore<string | null>(null);
/** The id of the signed-in person. */
export const mine = { id: "" };

const mostPages = 20;

async function readOwn(): Promise<Conversation[]> {
  const found: Conversation[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page++) {
    const answer: Page<unknown> = await get<Page<unknown>>("/conversations", { limit: 200, cursor });
    found.push(...answer.items.map((each) => readConversation(each)));
    cursor = answer.next;
    if (cursor === null) break;
  }
  return found;
}

async function readChannels(): Promise<Conversation[]> {
  const answer = asRaw(await get<unknown>("/channels"));
  categories.set(
    asList(answer["categories"]).map(asRaw).map((raw) => ({
      id: asText(raw["id"]) ?? "",
      name: asText(raw["name"]) ?? "",
      position: asNumber(raw["position"]) ?? 0,
    })).sort((one, other) => one.position - other.position),
  );
  activityTopic.set(asText(answer["activity"]));
  return asList(answer["items"]).map((each) => readConversation(each));
}

let turn = 0;

/** Reads all, and removes those that no longer exist. */
export async function readAll(): Promise<void> {
  const mineNow = ++turn;
  try {
    const all = (await Promise.all([readOwn(), readChannels()])).flat();
    if (mineNow !== turn) return;
    const there = new Set(all.map(({ id }) => id));
    conversations.batch(() => {
      for (const [id] of [...conversations.entries()]) if (!there.has(id)) conversations.set(id, undefined);
      for (const each of all) conversations.set(each.id, newer(each));
    });
    listed.set({ state: "here", problem: null });
  } catch (error) {
    if (mineNow === turn && listed.get().state !== "here") listed.set({ state: "failed", problem: asProblem(error) });
  }
}

/** An answer must not undo a newer event. */
function newer(each: Conversation): Conversation {
  const known = conversations.get(each.id);
  if (!known || each.last_seq >= known.last_seq) {
    settle(each.id, each.last_seq);
    return each;
  }
  const { last_seq, last_message, unread, gaps, broadcasts } = known;
  return { ...each, last_seq, last_message, unread, gaps, broadcasts };
}

export function forgetConversations(): void {
  turn++;
  conversations.clear();
  assumed.clear();
  listed.set({ state: "loading", problem: null });
}

export const takeConversation = (raw: unknown): Conversation => {
  const id = asText(asRaw(raw)["id"]) ?? "";
  const read = readConversation(raw, conversations.get(id));
  conversations.set(id, read);
  return read;
};

export async function readOne(id: string): Promise<Conversation> {
  const read = readConversation(await get<unknown>(`/conversations/${encodeURIComponent(id)}`), conversations.get(id));
  conversations.set(read.id, newer(read));
  return read;
}

export const useConversation = (id: string | null): Conversation | undefined => useEntity(conversations, id);

/** Places that count as unread before their message is known. Own messages and system messages are subtracted when they arrive. */
const assumed = new Map<string, Set<number>>();

function assume(id: string, from: number, upTo: number): void {
  const places = assumed.get(id) ?? new Set();
  assumed.set(id, places);
  for (let seq = Math.max(from, upTo - 1000); seq <= upTo; seq++) places.add(seq);
}

/** The count of the server is final up to this place. */
function settle(id: string, upTo: number): void {
  const places = assumed.get(id);
  for (const seq of places ?? []) if (seq <= upTo) places?.delete(seq);
  if (places?.size === 0) assumed.delete(id);
}

/** The first place that is neither read nor known. Places up to `read_seq` are read, in whatever order the events arrive. */
const firstUnknown = ({ last_seq, read_seq }: Conversation): number => Math.max(last_seq, read_seq ?? 0) + 1;

/**
 * Takes a new message: it is the last one, and counts as unread unless it is an own or a system message.
 *
 * @param numbers the numbers in the event of a channel.
 */
export function countIn(message: Message, numbers: Raw = {}): void {
  conversations.update(message.conversation_id, (known) => {
    const own = message.author_id === mine.id;
    const counts = !own && message.kind !== "system" && message.seq > (known.read_seq ?? 0);
    const named = message.mentions.users.some(({ id }) => id === mine.id);
    const { everyone } = message.mentions;
    if (message.seq <= known.last_seq) {
      if (!assumed.get(known.id)?.delete(message.seq)) return known;
      // In a channel the numbers include mentions of everybody.
      const called = named || everyone && known.kind !== "channel";
      if (counts) return called ? { ...known, mentions: known.mentions + 1 } : known;
      return {
        ...known,
        unread: known.unread === null ? null : Math.max(0, known.unread - 1),
        mentions: own && everyone ? Math.max(0, known.mentions - 1) : known.mentions,
      };
    }
    const from = firstUnknown(known);
    const skipped = Math.max(0, message.seq - from);
    if (skipped > 0) assume(known.id, from, message.seq - 1);
    const broadcasts = asNumber(numbers["broadcasts"]) ?? known.broadcasts;
    const calls = Math.max(0, broadcasts - known.broadcasts - (everyone ? 1 : 0));
    return {
      ...known,
      last_seq: message.seq,
      last_message: message,
      gaps: asNumber(numbers["gaps"]) ?? known.gaps,
      broadcasts,
      unread: known.unread === null ? null : known.unread + skipped + (counts ? 1 : 0),
      mentions: known.mentions + calls + (counts && (named || everyone) ? 1 : 0),
    };
  });
}

/**
 * Takes new numbers of a channel: `[last_seq, gaps, broadcasts]`.
 *
 * @returns whether the server must count again, because deleted messages may have been read or unread.
 */
export function countActivity(id: string, last: number, gaps: number, broadcasts: number): boolean {
  let isUnsure = false;
  conversations.update(id, (known) => {
    if (known.kind !== "channel" || last < known.last_seq) return known;
    const from = firstUnknown(known);
    const [more, gone, calls] = [Math.max(0, last - from + 1), gaps - known.gaps, broadcasts - known.broadcasts];
    if (last === known.last_seq && gone === 0 && calls === 0) return known;
    if (more > 0) assume(id, from, last);
    isUnsure = gone > 0 && (more > 0 || (known.unread ?? 0) > 0) || calls < 0;
    return {
      ...known,
      last_seq: last,
      gaps,
      broadcasts,
      unread: known.unread === null ? null : Math.max(0, known.unread + more - Math.max(0, gone)),
      mentions: Math.max(0, known.mentions + calls),
    };
  });
  return isUnsure;
}

/** Takes the counts of the server for one conversation. */
export function takeRead(raw: Raw): void {
  const id = asText(raw["conversation_id"]);
  if (!id) return;
  settle(id, asNumber(raw["read_seq"]) ?? 0);
  conversations.update(id, (known) => ({
    ...known,
    read_seq: asNumber(raw["read_seq"]) ?? known.read_seq,
    unread: asNumber(raw["unread"]) ?? known.unread,
    mentions: asNumber(raw["mentions"]) ?? known.mentions,
  }));
}

export const isMuted = ({ muted_until, notify }: Conversation, at = Date.now()): boolean =>
  notify === "nothing" || (muted_until !== null && Date.parse(muted_until) > at);

/** The name of a conversation, or of its other members. */
export function titleOf(conversation: Conversation, none: string): string {
  if (conversation.name) return conversation.name;
  const others = conversation.members.filter(({ id }) => id !== mine.id);
  return others.length === 0 ? none : others.slice(0, 3).map(nameOf).join(", ") + (others.length > 3 ? "…" : "");
}

/** The emoji that is the picture of a group; addresses of pictures are not loaded. */
export const groupEmoji = ({ kind, icon_url }: Conversation): string | null =>
  kind === "group" && icon_url !== null && !icon_url.includes("/") && icon_url.length <= 35 ? icon_url : null;

export const otherOf = (conversation: Conversation) => conversation.members.find(({ id }) => id !== mine.id) ?? null;

export const addressOf = (conversation: Conversation): string =>
  conversation.kind === "channel"
    ? `/channels/${encodeURIComponent(conversation.name ?? conversation.id)}`
    : `/direct/${conversation.id}`;

const lastAt = ({ last_message, id }: Conversation): string => last_message?.id ?? id;

/** Direct and group conversations, the latest message first. */
export const directs = (): Conversation[] =>
  [...conversations.entries()].map(([, each]) => each).filter(({ kind }) => kind !== "channel")
    .sort((one, other) => (lastAt(one) < lastAt(other) ? 1 : -1));

export const channels = (): Conversation[] =>
  [...conversations.entries()].map(([, each]) => each).filter(({ kind }) => kind === "channel")
    .sort((one, other) => one.position - other.position || (one.name ?? "").localeCompare(other.name ?? ""));

export const channelOf = (name: string): Conversation | undefined =>
  channels().find((each) => each.name === name) ?? conversations.get(name);

/** Increases with each change. */
export const changes = createStore(0);

conversations.watch(() => {
  changes.set((count) => count + 1);
  const badges: Record<"direct" | "channels", Badge> = {
    direct: { count: 0, mentions: false },
    channels: { count: 0, mentions: true },
  };
  for (const [, each] of conversations.entries()) {
    if (each.kind === "channel") badges.channels.count += each.mentions;
    else if (!isMuted(each)) badges.direct.count += each.unread ?? 0;
    else badges.direct.count += each.mentions;
  }
  setBadges(badges);
});
