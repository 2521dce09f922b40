// The rows of a list of messages: day headings, the “new” line, grouping by author.
import type { Pending } from "./outbox";
import type { Receipts } from "./receipts";
import type { Message } from "./shapes";

export interface Row {
  key: string;
  message: Message | null;
  pending: Pending | null;
  /** The day that begins with it, in ms; null within a day. */
  day: number | null;
  isFirstNew: boolean;
  isFollowUp: boolean;
  /** The number of tombstones that this row stands for. */
  isTombstone: boolean;
  /** The people who have read it; only of the last own message that somebody has read. */
  seenBy: readonly string[] | null;
}

/** Messages of one person within this time are one group. */
export const together = 7 * 60_000;

const readersOf = ({ seq }: Message, receipts: Receipts): string[] =>
  Object.keys(receipts).filter((user) => (receipts[user] ?? 0) >= seq).sort();

/** The last own message that somebody has read. */
function lastSeen(messages: readonly Message[], me: string, receipts: Receipts): Message | null {
  const furthest = Math.max(0, ...Object.values(receipts));
  for (let at = messages.length - 1; at >= 0; at--) {
    const each = messages[at];
    if (each && each.seq <= furthest && each.author_id === me && each.kind === "text" && !each.deleted_at) return each;
  }
  return null;
}

const dayOf = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/**
 * @param newFrom the first unread seq when the conversation was opened; null for none.
 * @param receipts the read receipts of the others.
 * @param me this person, whose messages are never new.
 */
export function rowsOf(
  messages: readonly Message[],
  pending: readonly Pending[],
  newFrom: number | null,
  me: string,
  receipts: Receipts = {},
): Row[] {
  const shown = lastSeen(messages, me, receipts);
  const rows: Row[] = [];
  let before: { author: string; at: number; isGroup: boolean } | null = null;
  let isMarked = false;
  const keys = new Set(messages.flatMap(({ key }) => key ?? []));
  for (const message of messages) {
    const at = Date.parse(message.created_at);
    const isNew: boolean = !isMarked && newFrom !== null && message.seq >= newFrom && message.author_id !== me &&
      message.kind !== "system";
    isMarked ||= isNew;
    const day: number | null = before === null || dayOf(before.at) !== dayOf(at) ? dayOf(at) : null;
    const isPlain = message.kind === "text" && message.deleted_at === null;
    const isFollowUp: boolean = before !== null && before.isGroup && isPlain && day === null && !isNew &&
      message.reply_to === null &&
      before.author === message.author_id && at - before.at < together;
    rows.push({
      // An own message keeps its row when it is confirmed.
      key: message.key ?? message.id,
      message,
      pending: null,
      day,
      isFirstNew: isNew,
      isFollowUp,
      isTombstone: message.deleted_at !== null,
      seenBy: message === shown ? readersOf(message, receipts) : null,
    });
    before = { author: message.author_id, at, isGroup: isPlain };
  }
  for (const each of pending) {
    if (keys.has(each.key)) continue;
    const day: number | null = before === null || dayOf(before.at) !== dayOf(each.at) ? dayOf(each.at) : null;
    const isFollowUp: boolean = before !== null && before.isGroup && day === null && each.reply_to === null &&
      before.author === me &&
      each.at - before.at < together;
    rows.push({
      key: each.key,
      message: null,
      pending: each,
      day,
      isFirstNew: false,
      isFollowUp,
      isTombstone: false,
      seenBy: null,
    });
    before = { author: me, at: each.at, isGroup: true };
  }
  return rows;
}
