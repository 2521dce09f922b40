// The conversations that one is in, and the channels that one may see: one row each, changed by events.
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
/** The topic that tells what happens in the channels that are not on screen. */
export const activityTopic = createStore<string | null>(null);
/** Who I am; set while somebody is signed in. */
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

/** Reads them all; what is not there any more goes. */
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

/** An answer does not take back what an event has told meanwhile. */
function newer(each: Conversation): Conversation {
  const known = conversations.get(each.id);
  if (!known || each.last_seq >= known.last_seq) return each;
  return { ...each, last_seq: known.last_seq, last_message: known.last_message, unread: known.unread };
}

export function forgetConversations(): void {
  turn++;
  conversations.clear();
  listed.set({ state: "loading", problem: null });
}

export const takeConversation = (raw: unknown): Conversation => {
  const id = asText(asRaw(raw)["id"]) ?? "";
  const read = readConversation(raw, conversations.get(id));
  conversations.set(id, read);
  return read;
};

export async function readOne(id: string): Promise<Conversation> {
  return takeConversation(await get<unknown>(`/conversations/${encodeURIComponent(id)}`));
}

export const useConversation = (id: string | null): Conversation | undefined => useEntity(conversations, id);

/** A message came: it is the last, and counts as unread unless I wrote it. */
export function countIn(message: Message): void {
  conversations.update(message.conversation_id, (known) => {
    if (message.seq <= known.last_seq) return known;
    const own = message.author_id === mine.id;
    const mentioned = message.mentions.everyone || message.mentions.users.some(({ id }) => id === mine.id);
    return {
      ...known,
      last_seq: message.seq,
      last_message: message,
      unread: own || known.unread === null ? known.unread : known.unread + 1,
      mentions: known.mentions + (mentioned && !own ? 1 : 0),
    };
  });
}

/** What the server counts for me, of one conversation. */
export function takeRead(raw: Raw): void {
  const id = asText(raw["conversation_id"]);
  if (!id) return;
  conversations.update(id, (known) => ({
    ...known,
    read_seq: asNumber(raw["read_seq"]) ?? known.read_seq,
    unread: asNumber(raw["unread"]) ?? known.unread,
    mentions: asNumber(raw["mentions"]) ?? known.mentions,
  }));
}

export const isMuted = ({ muted_until, notify }: Conversation, at = Date.now()): boolean =>
  notify === "nothing" || (muted_until !== null && Date.parse(muted_until) > at);

/** What one is called by: its name, else those in it, but for oneself. */
export function titleOf(conversation: Conversation, none: string): string {
  if (conversation.name) return conversation.name;
  const others = conversation.members.filter(({ id }) => id !== mine.id);
  return others.length === 0 ? none : others.slice(0, 3).map(nameOf).join(", ") + (others.length > 3 ? "…" : "");
}

export const otherOf = (conversation: Conversation) => conversation.members.find(({ id }) => id !== mine.id) ?? null;

export const addressOf = (conversation: Conversation): string =>
  conversation.kind === "channel"
    ? `/channels/${encodeURIComponent(conversation.name ?? conversation.id)}`
    : `/direct/${conversation.id}`;

const lastAt = ({ last_message, id }: Conversation): string => last_message?.id ?? id;

/** Direct and group conversations, the one with the latest word first. */
export const directs = (): Conversation[] =>
  [...conversations.entries()].map(([, each]) => each).filter(({ kind }) => kind !== "channel")
    .sort((one, other) => (lastAt(one) < lastAt(other) ? 1 : -1));

export const channels = (): Conversation[] =>
  [...conversations.entries()].map(([, each]) => each).filter(({ kind }) => kind === "channel")
    .sort((one, other) => one.position - other.position || (one.name ?? "").localeCompare(other.name ?? ""));

export const channelOf = (name: string): Conversation | undefined =>
  channels().find((each) => each.name === name) ?? conversations.get(name);

/** Grows with each change of any of them. */
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
