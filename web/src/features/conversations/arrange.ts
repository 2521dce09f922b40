// The order of channels and categories as one list. Channels before the first category have none. No DOM, no network.
import type { Conversation } from "./shapes";
import type { Category } from "./store";

export type Entry = { id: string; category: Category; channel: null } | {
  id: string;
  category: null;
  channel: Conversation;
};

export function entriesOf(categories: readonly Category[], channels: readonly Conversation[]): Entry[] {
  const known = new Set(categories.map(({ id }) => id));
  const entry = (channel: Conversation): Entry => ({ id: channel.id, category: null, channel });
  const loose = channels.filter(({ category_id }) => category_id === null || !known.has(category_id));
  return [
    ...loose.map(entry),
    ...categories.flatMap((category): Entry[] => [
      { id: category.id, category, channel: null },
      ...channels.filter(({ category_id }) => category_id === category.id).map(entry),
    ]),
  ];
}

/** The current channels in the chosen order; new ones keep their position. */
export function inOrder(entries: readonly Entry[], order: readonly string[]): Entry[] {
  const byId = new Map(entries.map((each) => [each.id, each]));
  const chosen = order.flatMap((id) => byId.get(id) ?? []);
  const late = entries.filter(({ id }) => !order.includes(id));
  const at = chosen.findIndex(({ category }) => category !== null);
  const loose = late.filter(({ channel }) => channel !== null);
  const rest = late.filter(({ category }) => category !== null);
  const head = at < 0 ? chosen.length : at;
  return [...chosen.slice(0, head), ...loose, ...chosen.slice(head), ...rest];
}

/** Moves a channel; it belongs to the category above it. */
export function moveChannel(entries: readonly Entry[], id: string, to: number): Entry[] {
  const moved = entries.find((each) => each.id === id);
  if (!moved) return [...entries];
  const rest = entries.filter((each) => each !== moved);
  const at = Math.max(0, Math.min(to, rest.length));
  return [...rest.slice(0, at), moved, ...rest.slice(at)];
}

/** Moves a category with its channels. */
export function moveCategory(entries: readonly Entry[], id: string, to: number): Entry[] {
  const blocks: Entry[][] = [];
  const loose: Entry[] = [];
  for (const each of entries) {
    if (each.category) blocks.push([each]);
    else (blocks[blocks.length - 1] ?? loose).push(each);
  }
  const moved = blocks.find(([first]) => first?.id === id);
  if (!moved) return [...entries];
  const rest = blocks.filter((each) => each !== moved);
  const at = Math.max(0, Math.min(to, rest.length));
  return [...loose, ...[...rest.slice(0, at), moved, ...rest.slice(at)].flat()];
}

/** The body of the request that saves this order. */
export function orderOf(entries: readonly Entry[]): {
  categories: string[];
  channels: { id: string; category_id: string | null }[];
} {
  let current: string | null = null;
  const channels: { id: string; category_id: string | null }[] = [];
  for (const { id, category } of entries) {
    if (category) current = id;
    else channels.push({ id, category_id: current });
  }
  return { categories: entries.filter(({ category }) => category).map(({ id }) => id), channels };
}
