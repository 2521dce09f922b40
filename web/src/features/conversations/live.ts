// Follows conversations while somebody is signed in: events, what waits to be sent, and where another tab has got to.
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
import { forgetReceipts, hideReceipts, readReceipts, takeReceipt } from "./receipts";
import { dropRoom, forgetRooms, hearMessage, heldRoom, openRooms } from "./room";

/** Who writes where, by conversation, and until when. */
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
  // A conversation that is new to this device.
  if (!conversations.get(message.conversation_id)) void readOne(message.conversation_id).catch(() => undefined);
  hearMessage(message, event);
}

/** My own message may be told of before its sending is answered: its row is the one that waits. The answer alone takes it out of the outbox. */
const keyOfTwin = ({ conversation_id, content }: Message): string | null =>
  outbox.of(conversation_id).find((each) => each.refusal === null && each.content === content)?.key ?? null;

function changed(event: GatewayEvent): void {
  const read = readMessage(event["message"]);
  const room = heldRoom(read.conversation_id);
  // What many are told says nothing of what is mine.
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

/** A deletion changes what is unread: the server counts. */
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
    // Of many, the event names the first alone.
    const isMine = users.includes(mine.id) || (users.length < count && (known?.mine ?? false));
    return { emoji, count, mine: isMine };
  });
  room.react(id, reactions);
}

/** Channels tell by numbers what came to them: `[id, last_seq, gaps, broadcasts]`. */
function active(event: GatewayEvent): void {
  conversations.batch(() => {
    for (const change of asList(event["changes"])) {
      const [id, last, gaps, broadcasts] = asList(change);
      const seq = asNumber(last);
      if (typeof id !== "string" || seq === undefined) continue;
      // Each device asks at another moment.
      if (countActivity(id, seq, asNumber(gaps) ?? 0, asNumber(broadcasts) ?? 0)) recount(id, Math.random() * 2_000);
    }
  });
}

/** Follows what happens in channels that are not on screen; who may see others has another topic. */
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
      // What came while nobody told us.
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

/** The list of channels may have changed before it was followed. */
function startOverChannels(): void {
  if (channelsFollowed) void readAll();
  channelsFollowed = true;
}

/** What is on screen is read again: one's own switch decides what one sees of others. */
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

/** What events would have said may be missing: everything is read again. */
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
      // What many are told says nothing of what is mine.
      if (kind === "channel") void readAll();
      else if (isNew) void readOne(id).catch(() => undefined);
    }),
    gateway.on("conversation.left", left),
    gateway.on("channels.changed", () => void readAll()),
    gateway.subscribe("channels", startOverChannels),
    followActivity(),
    gateway.on("read.updated", (event) => takeRead(event)),
    gateway.on("receipt.updated", takeReceipt),
    gateway.on("receipt.hidden", (event) => hideReceipts(asText(event["user_id"]) ?? "")),
    gateway.on("privacy.updated", readShownReceipts),
    gateway.on("draft.updated", hearDraft),
    gateway.on("typing", heardTyping),
    gateway.on("activity", active),
    gateway.on("permissions.changed", () => void readAll()),
    // A role may open or close channels and give no permission of the site.
    gateway.on(["role.assigned", "role.revoked"], (event) => {
      if (event.topic === `user:${me}`) void readAll();
    }),
    whenMissed(() => {
      if (!isFirst) startOver();
      isFirst = false;
    }),
    gateway.on(["ready", "resumed"], () => outbox.flushAll()),
    // Of a channel that is not on screen, the centre alone tells that one was named there.
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
