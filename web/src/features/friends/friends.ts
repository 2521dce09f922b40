// Friends, requests and blocks in the query cache: changed optimistically, read again on events.
import { del, get, type Page, post, put } from "../../lib/api";
import { gateway, whenMissed } from "../../lib/live";
import { asProblem } from "../../lib/problem";
import { amend, invalidate, useQuery, watchQuery } from "../../lib/query";
import { asRaw, asText, nameOf, type Raw } from "../../lib/resources";
import { say, sayProblem } from "../../ui/Toasts";
import { type Card, learnCards, readCard } from "../presence/cards";
import { afterUndo } from "../../lib/undo";
import { setWaiting } from "./waiting";

export interface Friend {
  user: Card;
  since: string;
}

export interface FriendRequest {
  id: string;
  from: Card;
  to: Card;
  state: string;
  note: string | null;
  created_at: string;
}

const pageSize = 200;
/** More friends and requests than a site allows. */
const mostPages = 25;

async function readAll<T>(path: string, query: Record<string, string>, read: (raw: Raw) => T): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page++) {
    const answer: Page<unknown> = await get<Page<unknown>>(path, { ...query, limit: pageSize, cursor });
    found.push(...answer.items.map((each) => read(asRaw(each))));
    cursor = answer.next;
    if (cursor === null) break;
  }
  return found;
}

function readFriend(raw: Raw): Friend {
  return { user: learnCards([raw["user"]])[0] ?? readCard(raw["user"]), since: asText(raw["since"]) ?? "" };
}

export function readRequest(raw: Raw): FriendRequest {
  const [from, to] = [raw["from"], raw["to"]].map((each) => learnCards([each])[0] ?? readCard(each)) as [Card, Card];
  return {
    id: asText(raw["id"]) ?? "",
    from,
    to,
    state: asText(raw["state"]) ?? "pending",
    note: asText(raw["note"]),
    created_at: asText(raw["created_at"]) ?? "",
  };
}

export type Direction = "in" | "out";
const keys = { friends: "friends", in: "friend-requests:in", out: "friend-requests:out", blocks: "blocks" };

/** Cached lists stay fresh while events arrive. */
const fresh = { fresh: 60_000 };

const fetchFriends = () => readAll("/friends", {}, readFriend);
const fetchBlocks = () => readAll("/blocks", {}, readFriend);

async function fetchRequests(direction: Direction): Promise<FriendRequest[]> {
  const all = await readAll("/friend-requests", { direction }, readRequest);
  const pending = all.filter(({ state }) => state === "pending");
  if (direction === "in") setWaiting(pending.length);
  return pending;
}

export const useFriends = () => useQuery<Friend[]>(keys.friends, fetchFriends, fresh);
export const useRequests = (direction: Direction) =>
  useQuery<FriendRequest[]>(keys[direction], () => fetchRequests(direction), fresh);
export const useBlocks = () => useQuery<Friend[]>(keys.blocks, fetchBlocks, fresh);

/** Follows friends and requests while somebody is signed in. */
export function followFriends(): () => void {
  const leaves = [
    watchQuery(keys.friends, fetchFriends, fresh),
    watchQuery(keys.in, () => fetchRequests("in"), fresh),
    gateway.on("friend.requested", () => invalidate(keys.in)),
    gateway.on("friend.request_updated", () => {
      invalidate(keys.in);
      invalidate(keys.out);
    }),
    gateway.on("friend.accepted", () => Object.values(keys).forEach(invalidate)),
    gateway.on("friend.removed", () => invalidate(keys.friends)),
    gateway.on("block.changed", () => Object.values(keys).forEach(invalidate)),
    whenMissed(() => Object.values(keys).forEach(invalidate)),
  ];
  return () => leaves.forEach((leave) => leave());
}

function dropRequest(direction: Direction, id: string): void {
  amend<FriendRequest[]>(keys[direction], (all) => {
    const left = all.filter((each) => each.id !== id);
    if (direction === "in") setWaiting(left.length);
    return left;
  });
}

export async function ask(to: string, note: string, key: string): Promise<FriendRequest> {
  const request = readRequest(
    asRaw(await post<unknown>("/friend-requests", { to, ...(note ? { note } : {}) }, { key })),
  );
  invalidate(keys.out);
  if (request.state === "accepted") invalidate(keys.friends);
  return request;
}

/** Shows a change at once; after a refusal reverts it and shows the reason. */
async function act(direction: Direction, request: FriendRequest, verb: string): Promise<boolean> {
  dropRequest(direction, request.id);
  try {
    await post(`/friend-requests/${request.id}/${verb}`);
    return true;
  } catch (error) {
    sayProblem(asProblem(error));
    return false;
  } finally {
    invalidate(keys[direction]);
  }
}

export async function accept(request: FriendRequest): Promise<void> {
  if (!await act("in", request, "accept")) return;
  invalidate(keys.friends);
  say("friends.said.accepted", { name: nameOf(request.from) });
}

/** Refusals and cancellations are sent after the time in which they can be undone. */
export function dismiss(request: FriendRequest, verb: "refuse" | "ignore" | "cancel"): void {
  const direction = verb === "cancel" ? "out" : "in";
  dropRequest(direction, request.id);
  afterUndo({
    key: `friends.said.${verb}`,
    values: { name: nameOf(direction === "in" ? request.from : request.to) },
    run: () => act(direction, request, verb),
    undo: () => invalidate(keys[direction]),
  });
}

export function removeFriend(user: Card): void {
  amend<Friend[]>(keys.friends, (all) => all.filter((each) => each.user.id !== user.id));
  afterUndo({
    key: "friends.said.removed",
    values: { name: nameOf(user) },
    run: async () => {
      try {
        await del(`/friends/${user.id}`);
      } catch (error) {
        sayProblem(asProblem(error));
      } finally {
        invalidate(keys.friends);
      }
    },
    undo: () => invalidate(keys.friends),
  });
}

/** A block is sent at once. Undoing it removes the block, not the loss of friendship and requests. */
export async function setBlocked(user: Card, blocked: boolean): Promise<void> {
  const gone = (all: Friend[]) => all.filter((each) => each.user.id !== user.id);
  if (blocked) amend<Friend[]>(keys.friends, gone);
  else amend<Friend[]>(keys.blocks, gone);
  try {
    if (blocked) await put(`/blocks/${user.id}`, undefined);
    else await del(`/blocks/${user.id}`);
    const values = { name: nameOf(user) };
    if (blocked) say("friends.said.blocked", values, () => void setBlocked(user, false));
    else say("friends.said.unblocked", values);
  } catch (error) {
    sayProblem(asProblem(error));
  } finally {
    Object.values(keys).forEach(invalidate);
  }
}
