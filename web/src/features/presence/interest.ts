// Whose status is followed: what is on screen, or the whole site for those who may.
import { useEffect } from "react";
import { get, type Page } from "../../lib/api";
import { gateway } from "../../lib/live";
import type { Raw } from "../../lib/resources";
import { createStore } from "../../lib/store";
import { applyEvents, replaceAll } from "./presences";

const settle = 150;
/** The server's limit on the list of one filter, and ours on how many lists. */
const listLimit = 200;
const mostLists = 5;
const mostPages = 25;

interface Followed {
  ids: ReadonlySet<string>;
  leave: () => void;
}

const watched = new Map<string, number>();
let followed: Followed[] = [];
let timer = 0;

/** Reads rows again; the features that hold the rows say how. */
const readers: ((ids: readonly string[]) => void)[] = [];

export const whenFollowed = (read: (ids: readonly string[]) => void): void => void readers.push(read);

const readAgain = (ids: readonly string[]): void => readers.forEach((read) => read(ids));

/**
 * Subscribes to those who came on screen, and leaves the subscriptions of which nobody is left. Whoever is followed already stays in the
 * subscription that they have: scrolling asks for the newcomers alone. Where everybody is followed, nobody is by themselves.
 */
function follow(): void {
  timer = 0;
  if (everybody > 0 && census.get().whole) {
    for (const { leave } of followed) leave();
    followed = [];
    return;
  }
  followed = followed.filter(({ ids, leave }) => {
    const stays = [...ids].some((id) => watched.has(id));
    if (!stays) leave();
    return stays;
  });
  const known = new Set(followed.flatMap(({ ids }) => [...ids]));
  let fresh = [...watched.keys()].filter((id) => !known.has(id));
  if (fresh.length === 0) return;
  if (followed.length >= mostLists) {
    // Too many small lists: everybody moves into as few as possible.
    for (const { leave } of followed) leave();
    followed = [];
    fresh = [...watched.keys()];
  }
  for (let first = 0; first < fresh.length && followed.length < mostLists; first += listLimit) {
    followed.push(followList(fresh.slice(first, first + listLimit), known));
  }
}

function followList(ids: string[], known: ReadonlySet<string>): Followed {
  let isFirst = true;
  const leave = gateway.subscribe("presence", () => {
    // Between reading a row and following it something may have changed: the rows that are new here are read once more,
    // and all of them when the subscription starts over.
    const due = isFirst ? ids.filter((id) => !known.has(id)) : ids;
    isFirst = false;
    readAgain(due.filter((id) => watched.has(id)));
  }, { user_id: { in: ids } });
  return { ids: new Set(ids), leave };
}

function change(ids: readonly string[], by: 1 | -1): void {
  for (const id of ids) {
    const count = (watched.get(id) ?? 0) + by;
    if (count > 0) watched.set(id, count);
    else watched.delete(id);
  }
  followSoon();
}

function followSoon(): void {
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

/** How many pages follow everybody. */
let everybody = 0;

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
  if (cursor === null) replaceAll(rows, askedAt, Date.now());
  else tooLargeAt = askedAt;
  census.set({ taken: true, whole: cursor === null });
}

/** Follows everybody: subscribe, then take the snapshot, then apply what came meanwhile (by version). */
export function useEverybody(allowed: boolean): void {
  useEffect(() => {
    if (!allowed) return;
    everybody++;
    const leave = gateway.subscribe("presence", () => {
      takeSnapshot().catch(() => census.set({ taken: true, whole: false })).finally(followSoon);
    });
    return () => {
      leave();
      everybody--;
      followSoon();
    };
  }, [allowed]);
}

let waiting: Raw[] = [];

function flush(): void {
  const events = waiting;
  waiting = [];
  applyEvents(events, Date.now());
}

gateway.on(["presence.update", "presence.activity"], (event) => {
  // A batch arrives as frames in one turn: render them once.
  if (waiting.push(event) === 1) setTimeout(flush, 16);
});
