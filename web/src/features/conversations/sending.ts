// The outbox in a browser: its storage, sending by one tab at a time, and actions on messages.
import { del, newKey, patch, post, put } from "../../lib/api";
import { t } from "../../lib/i18n";
import { gateway } from "../../lib/live";
import { recall, remember } from "../../lib/memory";
import { asProblem } from "../../lib/problem";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";
import { problemText } from "../../ui/States";
import { sayProblem } from "../../ui/Toasts";
import { afterUndo } from "../../lib/undo";
import { type Attachment, readAttachments } from "../files/index";
import { Outbox, type Pending } from "./outbox";
import { hearMessage, heldRoom } from "./room";
import { type Message, readMessage, readReactions } from "./shapes";
import { mine } from "./store";

const place = (): string => `outbox.${mine.id}`;

function load(): Pending[] {
  if (mine.id === "") return [];
  try {
    return asList(JSON.parse(recall(place()) ?? "[]")).map(asRaw).flatMap((raw) => {
      const [key, conversation] = [asText(raw["key"]), asText(raw["conversation"])];
      // Empty for a message with files only.
      const content = asText(raw["content"]) ?? "";
      const files = readAttachments(raw["files"]);
      if (!key || !conversation || (content === "" && files.length === 0)) return [];
      const at = asNumber(raw["at"]) ?? Date.now();
      const [reply_to, refusal] = [asText(raw["reply_to"]), asText(raw["refusal"])];
      return [{ key, conversation, content, files, at, reply_to, refusal }];
    });
  } catch {
    return [];
  }
}

let kept: Pending[] | null = null;

export const outbox = new Outbox({
  // Without browser storage, in memory for as long as the page lasts.
  load: () => kept ?? load(),
  save: (all) => {
    remember(place(), all.length === 0 ? null : JSON.stringify(all));
    kept = all.length > 0 && recall(place()) === null ? [...all] : null;
  },
  send: async ({ key, conversation, content, reply_to, files }) => {
    const body = {
      content,
      key,
      ...(reply_to === null ? {} : { reply_to }),
      ...(files.length === 0 ? {} : { attachments: files.map(({ id }) => id) }),
    };
    const message = readMessage(await post<unknown>(`/conversations/${conversation}/messages`, body));
    hearMessage({ ...message, key });
  },
  alone: (name, run) =>
    navigator.locks ? navigator.locks.request(`foyer.send.${mine.id}.${name}`, run) as Promise<void> : run(),
  problemOf: asProblem,
  words: (problem) => problemText(problem, t),
  later: (run, milliseconds) => setTimeout(run, milliseconds),
});

export function startOutbox(me: string): () => void {
  kept = null;
  outbox.reload();
  outbox.flushAll();
  const onStorage = (event: StorageEvent) => {
    if (event.key === `foyer.outbox.${me}`) outbox.reload();
  };
  const onOnline = () => outbox.flushAll();
  addEventListener("storage", onStorage);
  addEventListener("online", onOnline);
  return () => {
    removeEventListener("storage", onStorage);
    removeEventListener("online", onOnline);
  };
}

export function sendMessage(
  conversation: string,
  content: string,
  replyTo: string | null,
  files: readonly Attachment[] = [],
): void {
  outbox.add({ key: newKey(), conversation, content, reply_to: replyTo, files, at: Date.now(), refusal: null });
}

export const isConnected = (): boolean => gateway.link.get().state === "live";

/** Shows the change at once, and reverts it when the server refuses. */
async function optimistic(message: Message, change: Partial<Message>, send: () => Promise<unknown>): Promise<void> {
  const room = heldRoom(message.conversation_id);
  room?.change({ ...message, ...change });
  try {
    const answer = await send();
    if (asText(asRaw(answer)["id"]) === message.id) room?.change(readMessage(answer));
  } catch (error) {
    room?.change(message);
    sayProblem(asProblem(error));
  }
}

export const editMessage = (message: Message, content: string): Promise<void> =>
  optimistic(
    message,
    { content, edited_at: new Date().toISOString() },
    () => patch(`/messages/${message.id}`, { content }),
  );

/** A deletion is final, so the request waits for as long as it can be undone. */
export function deleteMessage(message: Message): void {
  const room = heldRoom(message.conversation_id);
  room?.change({ ...message, deleted_at: new Date().toISOString(), content: "" });
  afterUndo({
    key: "chat.said.deleted",
    run: async () => {
      try {
        await del(`/messages/${message.id}`);
      } catch (error) {
        room?.change(message);
        sayProblem(asProblem(error));
      }
    },
    undo: () => room?.change(message),
  });
}

export async function toggleReaction(message: Message, emoji: string): Promise<void> {
  const room = heldRoom(message.conversation_id);
  const before = room?.reactionsOf(message.id) ?? message.reactions;
  const known = before.find((each) => each.emoji === emoji);
  const isMine = known?.mine ?? false;
  const changed = known
    ? before.map((each) => each === known ? { ...each, mine: !isMine, count: each.count + (isMine ? -1 : 1) } : each)
    : [...before, { emoji, count: 1, mine: true }];
  room?.react(message.id, changed.filter(({ count }) => count > 0));
  try {
    const path = `/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
    const answer = asRaw(await (isMine ? del<unknown>(path) : put<unknown>(path, undefined)));
    if (Array.isArray(answer["reactions"])) room?.react(message.id, readReactions(answer["reactions"]));
  } catch (error) {
    room?.react(message.id, before);
    sayProblem(asProblem(error));
  }
}

export const setPinned = (message: Message, pinned: boolean): Promise<void> =>
  optimistic(
    message,
    { pinned_at: pinned ? new Date().toISOString() : null },
    () => pinned ? put(`/messages/${message.id}/pin`, undefined) : del(`/messages/${message.id}/pin`),
  );

const typedAt = new Map<string, number>();
const typingPause = 3_000;

/** Reports typing, at most every few seconds. */
export function sayTyping(conversation: string): void {
  const at = Date.now();
  if (at - (typedAt.get(conversation) ?? 0) < typingPause || !isConnected()) return;
  typedAt.set(conversation, at);
  post(`/conversations/${conversation}/typing`).catch(() => undefined);
}
