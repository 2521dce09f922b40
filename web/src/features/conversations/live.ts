// Follows conversations while somebody is signed in: events, the outbox, and changes of other tabs.
import type { GatewayEvent } from "../../lib/gateway";
import { gateway, whenMissed } from "../../lib/live";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";
import { createStore } from "../../lib/store";
import { type Card, learnCards } from "../presence/cards";
import { hearDraft } from "./drafts";
import { outbox, startOutbox } from "./sending";
import { type Message, type Reaction, readMessage } from "./shapes";
import {
  activityTopic,
  conversations,
  countActivity,
  forgetConversations,
  mine,
  readAll,
  readOne,
  takeConversation,
  takeRead,
} from "./store";
import { forgetReceipts, hideReceipts, readReceipts, takeReceipts } from "./receipts";
import { dropRoom, forgetRooms, hearMessage, heldRoom, openRooms } from "./room";

/** The people who are typing, by conversation, and until when they are shown. */
export const typing = createStore<Readonly<Record<string, { users: readonly Card[]; until: number }>>>({});
const typingFor = 10_000;

function heardTyping(event: GatewayEvent): void {
  const id = asText(event["conversation_id"]) ?? event.topic?.replace(/^typing:/, "");
  if (!id) return;
  const users = learnCards(asList(event["users"])).filter((user) => user.id !== mine.id);
  const until = Date.now() + typingFor;
  typing.set((all) => ({ ...all, [id]: { users, until } }));
  setTimeout(() => {
    if (typing.get()[id]?.until === until) typing.set((all) => ({ ...all, [id]: { users: [], until } }));
  }, typingFor);
}

function stopsTyping(conversation: string, author: string): void {
  const now = typing.get()[conversation];
  if (!now?.users.some(({ id }) => id === author)) return;
  typing.set((all) => ({ ...all, [conversation]: { ...now, users: now.users.filter(({ id }) => id !== author) } }));
}

function created(event: GatewayEvent): void {
  const read = readMessage(event["message"]);
  const isOwn = read.author_id === mine.id;
  const key = isOwn ? asText(event["key"]) ?? keyOfTwin(read) : null;
  const message = { ...read, key };
  if (isOwn && asText(event["key"])) outbox.done(asText(event["key"]) ?? "");
  stopsTyping(message.conversation_id, message.author_id);
  // The conversation is new to this device.
  if (!conversations.get(message.conversation_id)) void readOne(message.conversation_id).catch(() => undefined);
  hearMessage(message, event);
}

/** The event of an own message may arrive before the answer to its request, which alone takes it out of the outbox. */
const keyOfTwin = ({ conversation_id, content }: Message): string | null =>
  outbox.of(conversation_id).find((each) => each.refusal === null && each.content === content)?.key ?? null;

function changed(event: GatewayEvent): void {
  const read = readMessage(event["message"]);
  const room = heldRoom(read.conversation_id);
  // Shared events hold no values of this person.
  const mineNow = room?.reactionsOf(read.id) ?? [];
  const reactions = read.reactions.map((each) => ({
    ...each,
    mine: each.mine || mineNow.some(({ emoji, mine: isMine }) => isMine && emoji === each.emoji),
  }));
  const message = { ...read, reactions };
  room?.change(message);
  conversations.update(
    message.conversation_id,
    (known) => (known.last_message?.id === message.id ? { ...known, last_message: message } : known),
  );
  if (message.deleted_at !== null) recount(message.conversation_id);
}

const due = new Set<string>();

/** After a deletion the server counts unread messages again. */
function recount(id: string, after = 0): void {
  const known = conversations.get(id);
  if (!known || (known.unread === 0 && known.mentions === 0)) return;
  if (due.size === 0) {
    setTimeout(() => {
      const ids = [...due];
      due.clear();
      for (const each of ids) void readOne(each).catch(() => undefined);
    }, 300 + after);
  }
  due.add(id);
}

function reacted(event: GatewayEvent): void {
  const [id, conversation] = [asText(event["message_id"]), asText(event["conversation_id"])];
  const room = conversation ? heldRoom(conversation) : undefined;
  if (!id || !room) return;
  const before = room.reactionsOf(id);
  const reactions: Reaction[] = asList(event["reactions"]).map(asRaw).map((raw) => {
    const emoji = asText(raw["emoji"]) ?? "";
    const users = asList(raw["users"]);
    const count = asNumber(raw["count"]) ?? 0;
    const known = before.find((each) => each.emoji === emoji);
    // The event names only the first people.
    const isMine = users.includes(mine.id) || (users.length < count && (known?.mine ?? false));
    return { emoji, count, mine: isMine };
  });
  room.react(id, reactions);
}

/** An activity frame: `[id, last_seq, gaps, broadcasts]` for each channel. */
function active(event: GatewayEvent): void {
  conversations.batch(() => {
    for (const change of asList(event["changes"])) {
      const [id, last, gaps, broadcasts] = asList(change);
      const seq = asNumber(last);
      if (typeof id !== "string" || seq === undefined) continue;
      // A random delay spreads the requests of all devices.
      if (countActivity(id, seq, asNumber(gaps) ?? 0, asNumber(broadcasts) ?? 0)) recount(id, Math.random() * 2_000);
    }
  });
}

/** Follows channels that are not on screen. The topic changes with the set of readable channels. */
function followActivity(): () => void {
  let leave: (() => void) | null = null;
  let followed: string | null = null;
  const follow = () => {
    const topic = activityTopic.get();
    if (topic === followed) return;
    leave?.();
    followed = topic;
    let isFirst = true;
    leave = topic === null ? null : gateway.subscribe(topic, () => {
      // Reads what changed without a subscription.
      if (!isFirst) void readAll();
      isFirst = false;
    });
  };
  const stop = activityTopic.subscribe(follow);
  follow();
  return () => {
    stop();
    leave?.();
  };
}

let channelsFollowed = false;

/** The list may have changed before the subscription began. */
function startOverChannels(): void {
  if (channelsFollowed) void readAll();
  channelsFollowed = true;
}

/** Reads the receipts on screen again, since the own switch decides whether others' are visible. */
function readShownReceipts(): void {
  forgetReceipts();
  for (const room of openRooms()) if (room.watchers > 0) void readReceipts(room.id);
}

function left(event: GatewayEvent): void {
  const id = asText(event["conversation_id"]);
  if (!id) return;
  conversations.set(id, undefined);
  dropRoom(id);
}

/** Events may be missing: reads everything again. */
function startOver(): void {
  for (const room of openRooms()) {
    room.isStale = true;
    if (room.watchers > 0) void room.refresh(null);
  }
  readShownReceipts();
  void readAll();
}

export function followConversations(me: string): () => void {
  if (mine.id !== me) {
    forgetConversations();
    forgetRooms();
    forgetReceipts();
  }
  mine.id = me;
  const stopOutbox = startOutbox(me);
  void readAll();
  let isFirst = true;
  const leaves = [
    gateway.on("message.created", created),
    gateway.on(["message.updated", "message.deleted"], changed),
    gateway.on("reaction.changed", reacted),
    gateway.on(["conversation.created", "conversation.updated"], (event) => {
      const id = asText(asRaw(event["conversation"])["id"]) ?? "";
      const isNew = conversations.get(id) === undefined;
      const { kind } = takeConversation(event["conversation"]);
      // Shared events hold no values of this person.
      if (kind === "channel") void readAll();
      else if (isNew) void readOne(id).catch(() => undefined);
    }),
    gateway.on("conversation.left", left),
    gateway.on("channels.changed", () => void readAll()),
    gateway.subscribe("channels", startOverChannels),
    followActivity(),
    gateway.on("read.updated", (event) => takeRead(event)),
    gateway.on("receipt.updated", (event) => takeReceipts(event, me)),
    gateway.on("receipt.hidden", (event) => hideReceipts(asText(event["user_id"]) ?? "")),
    gateway.on("privacy.updated", readShownReceipts),
    gateway.on("draft.updated", hearDraft),
    gateway.on("typing", heardTyping),
    gateway.on("activity", active),
    gateway.on("permissions.changed", () => void readAll()),
    // Roles can open or close channels without a change of permissions.
    gateway.on(["role.assigned", "role.revoked"], (event) => {
      if (event.topic === `user:${me}`) void readAll();
    }),
    whenMissed(() => {
      if (!isFirst) startOver();
      isFirst = false;
    }),
    gateway.on(["ready", "resumed"], () => outbox.flushAll()),
    // For a channel off screen, only the notification says that this person was mentioned.
    gateway.on("notification.created", (event) => {
      if (asRaw(event["notification"])["kind"] === "message.mention") void readAll();
    }),
  ];
  if (gateway.link.get().state === "live") isFirst = false;
  return () => {
    leaves.forEach((leave) => leave());
    stopOutbox();
  };
}
