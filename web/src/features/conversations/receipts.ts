// Read receipts of the other people in the direct conversations and groups that are open.
import { get, type Page } from "../../lib/api";
import { asList, asNumber, asRaw, asText, type Raw } from "../../lib/resources";
import { createStore } from "../../lib/store";

export type Receipts = Readonly<Record<string, number>>;

/** By conversation, then by person. */
export const receipts = createStore<Readonly<Record<string, Receipts>>>({});

const none: Receipts = {};
export const receiptsOf = (all: Readonly<Record<string, Receipts>>, id: string): Receipts => all[id] ?? none;

let turn = 0;

export async function readReceipts(id: string): Promise<void> {
  const mine = turn;
  try {
    const { items } = await get<Page<unknown>>(`/conversations/${id}/receipts`);
    if (mine !== turn) return;
    const known = items.map(asRaw).map((raw) =>
      [asText(raw["user_id"]) ?? "", asNumber(raw["read_seq"]) ?? 0] as const
    );
    receipts.set((all) => ({ ...all, [id]: Object.fromEntries(known) }));
  } catch {
    // A conversation works without receipts.
  }
}

/** Takes an event; only conversations whose receipts were read are kept. The event may hold one's own receipt, which is left out. */
export function takeReceipts(raw: Raw, me: string): void {
  const id = asText(raw["conversation_id"]);
  if (!id) return;
  receipts.set((all) => {
    const known = all[id];
    if (!known) return all;
    const moved = asList(raw["receipts"]).map(asRaw).map((each) =>
      [asText(each["user_id"]) ?? me, asNumber(each["read_seq"]) ?? 0] as const
    ).filter(([user, seq]) => user !== me && seq > (known[user] ?? 0));
    return moved.length === 0 ? all : { ...all, [id]: { ...known, ...Object.fromEntries(moved) } };
  });
}

/** Drops the receipts of somebody who no longer shows theirs. */
export function hideReceipts(user: string): void {
  receipts.set((all) =>
    Object.fromEntries(
      Object.entries(all).map(([id, known]) => [
        id,
        Object.fromEntries(Object.entries(known).filter(([each]) => each !== user)),
      ]),
    )
  );
}

export function forgetReceipts(): void {
  turn++;
  receipts.set({});
}
