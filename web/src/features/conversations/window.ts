// The loaded part of a conversation: consecutive messages in order. No DOM, no network.
import type { Message, Reaction } from "./shapes";

export interface Stretch {
  items: readonly Message[];
  hasBefore: boolean;
  hasAfter: boolean;
}

export const empty: Stretch = { items: [], hasBefore: false, hasAfter: false };

/** Inserts messages by place; of two versions the later one stays. */
export function merge(items: readonly Message[], more: readonly Message[]): Message[] {
  const bySeq = new Map(items.map((each) => [each.seq, each]));
  for (const each of more) {
    const known = bySeq.get(each.seq);
    if (!known || each.version >= known.version) {
      bySeq.set(each.seq, known ? { ...each, key: each.key ?? known.key } : each);
    }
  }
  return [...bySeq.values()].sort((one, other) => one.seq - other.seq);
}

const firstSeq = ({ items }: Stretch): number => items[0]?.seq ?? 0;
export const lastSeq = ({ items }: Stretch): number => items[items.length - 1]?.seq ?? 0;

/** Appends a new message; `gap` if messages before it are missing. */
export function arrive(stretch: Stretch, message: Message): Stretch | "gap" | null {
  if (stretch.hasAfter) return update(stretch, message);
  const last = lastSeq(stretch);
  if (stretch.items.length > 0 && message.seq > last + 1) return "gap";
  if (stretch.items.length > 0 && message.seq < firstSeq(stretch)) return null;
  return { ...stretch, items: merge(stretch.items, [message]) };
}

/** Applies a change; null if the message is not loaded or the change is older. */
export function update(stretch: Stretch, message: Message): Stretch | null {
  const known = stretch.items.find(({ seq }) => seq === message.seq);
  if (!known || message.version < known.version) return null;
  const items = stretch.items.map((
    each,
  ) => (each === known ? { ...message, key: message.key ?? known.key } : withQuote(each, message)));
  return { ...stretch, items };
}

/** Updates the quotes of an edited or deleted message. */
function withQuote(message: Message, quoted: Message): Message {
  if (message.reply_to?.id !== quoted.id) return message;
  const deleted = quoted.deleted_at !== null;
  return { ...message, reply_to: { ...message.reply_to, content: deleted ? "" : quoted.content, deleted } };
}

export function react(stretch: Stretch, id: string, reactions: readonly Reaction[]): Stretch {
  return { ...stretch, items: stretch.items.map((each) => (each.id === id ? { ...each, reactions } : each)) };
}

/** Prepends earlier messages. */
export function prepend(stretch: Stretch, page: readonly Message[], hasBefore: boolean): Stretch {
  return { ...stretch, items: merge(stretch.items, page), hasBefore };
}

export function append(stretch: Stretch, page: readonly Message[], hasAfter: boolean): Stretch {
  return { ...stretch, items: merge(stretch.items, page), hasAfter };
}

/** Drops messages at the far end beyond the limit. */
export const most = 600;

export function trim(stretch: Stretch, keep: "start" | "end"): Stretch {
  if (stretch.items.length <= most) return stretch;
  return keep === "end"
    ? { ...stretch, items: stretch.items.slice(-most), hasBefore: true }
    : { ...stretch, items: stretch.items.slice(0, most), hasAfter: true };
}
