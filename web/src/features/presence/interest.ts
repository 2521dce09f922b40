// Whose status we follow: what is on screen, or the whole site for those who may.
import { useEffect } from "react";
import { get, type Page } from "../../lib/api";
import { gateway } from "../../lib/live";
import { invalidate } from "../../lib/query";
import type { Raw } from "../../lib/resources";
import { createStore } from "../../lib/store";
import { applyEvents, presences, replaceAll } from "./presences";

const settle = 150;
/** The server's limit on the list of one filter, and ours on how many lists. */
const listLimit = 200;
const mostLists = 5;
const mostPages = 25;

const watched = new Map<string, number>();
let followed: { key: string; leave: () => void }[] = [];
let timer = 0;

/** One subscription for each 200 people; a list that did not change keeps its own. */
function follow(): void {
  timer = 0;
  const ids = [...watched.keys()].sort();
  const lists = Array.from(
    { length: Math.min(mostLists, Math.ceil(ids.length / listLimit)) },
    (_, index) => ids.slice(index * listLimit, (index + 1) * listLimit),
  );
  const before = followed;
  followed = lists.map((list) => {
    const key = list.join();
    return before.find((each) => each.key === key) ??
      { key, leave: gateway.subscribe("presence", askAgain, { user_id: { in: list } }) };
  });
  for (const each of before) if (!followed.includes(each)) each.leave();
}

let again = 0;

/** Between reading a row and following it something may have changed: the rows on screen are read once more. */
function askAgain(): void {
  clearTimeout(again);
  again = window.setTimeout(() => invalidate("user"), settle);
}

function change(ids: readonly string[], by: 1 | -1): void {
  for (const id of ids) {
    const count = (watched.get(id) ?? 0) + by;
    if (count > 0) watched.set(id, count);
    else watched.delete(id);
  }
  if (timer === 0) timer = window.setTimeout(follow, settle);
}

/** Follows the people on screen for as long as they are. */
export function useInterest(ids: readonly string[]): void {
  const key = ids.join();
  useEffect(() => {
    const mine = key ? key.split(",") : [];
    change(mine, 1);
    return () => change(mine, -1);
  }, [key]);
}

/** Whether the snapshot of the whole site has come, and whether it is all of it. */
export const census = createStore<{ taken: boolean; whole: boolean }>({ taken: false, whole: true });

/** A crowd that was too large a moment ago still is: thousands of rows are not fetched to be thrown away. */
const remembered = 600_000;
let tooLargeAt = -remembered;

async function takeSnapshot(): Promise<void> {
  const askedAt = Date.now();
  if (askedAt - tooLargeAt < remembered) return census.set({ taken: true, whole: false });
  const rows: Raw[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page++) {
    const answer: Page<Raw> = await get<Page<Raw>>("/presence", { online: true, limit: 200, cursor });
    rows.push(...answer.items);
    cursor = answer.next;
    if (!cursor) break;
  }
  if (cursor === null) presences.set((all) => replaceAll(all, rows, askedAt, Date.now()));
  else tooLargeAt = askedAt;
  census.set({ taken: true, whole: cursor === null });
}

/** Follows everybody: subscribe, then take the snapshot, then apply what came meanwhile (by version). */
export function useEverybody(allowed: boolean): void {
  useEffect(() => {
    if (!allowed) return;
    return gateway.subscribe("presence", () => {
      takeSnapshot().catch(() => census.set({ taken: true, whole: false }));
    });
  }, [allowed]);
}

let waiting: Raw[] = [];

function flush(): void {
  const events = waiting;
  waiting = [];
  presences.set((all) => applyEvents(all, events, Date.now()));
}

gateway.listen((event) => {
  if (event.type !== "presence.update" && event.type !== "presence.activity") return;
  // A batch arrives as frames in one turn: render them once.
  if (waiting.push(event) === 1) setTimeout(flush, 16);
});
