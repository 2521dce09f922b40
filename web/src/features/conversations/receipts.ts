// How far the others have read, as they show it: of the conversations that are open, in direct conversations and groups.
import { get, type Page } from "../../lib/api";
import { asNumber, asRaw, asText, type Raw } from "../../lib/resources";
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
    // Without them the conversation is whole.
  }
}

/** Of a conversation that is not known nothing is kept: it is read when one comes. */
export function takeReceipt(raw: Raw): void {
  const [id, user, seq] = [asText(raw["conversation_id"]), asText(raw["user_id"]), asNumber(raw["read_seq"])];
  if (!id || !user || seq === undefined) return;
  receipts.set((all) => {
    const known = all[id];
    return known && seq > (known[user] ?? 0) ? { ...all, [id]: { ...known, [user]: seq } } : all;
  });
}

/** Somebody hides theirs from now on. */
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
