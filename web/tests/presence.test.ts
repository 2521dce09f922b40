import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEvents, type Known, presences, replaceAll, seedOne, tally } from "../src/features/presence/presences";
import { EntityStore } from "../src/lib/entities";
import { readPresence, readUser } from "../src/lib/resources";

const update = (user_id: string, status: string, version: number, rest = {}) => ({
  type: "presence.update",
  user_id,
  status,
  version,
  ...rest,
});
const row = (status: string, version = 0) => ({ ...readPresence({ status }), version });
const storeOf = (...events: ReturnType<typeof update>[]) => {
  const store = new EntityStore<Known>();
  applyEvents(events, 10, store);
  return store;
};

test("whatever the order of arrival, the highest version wins", () => {
  const events = [update("a", "online", 1), update("a", "idle", 2), update("a", "dnd", 3), update("b", "online", 9)];
  const orders = [[0, 1, 2, 3], [2, 1, 0, 3], [1, 3, 2, 0], [2, 2, 0, 1, 3, 3]];
  for (const order of orders) {
    const store = storeOf(...order.flatMap((index) => events[index] ?? []));
    assert.equal(store.get("a")?.status, "dnd");
    assert.equal(store.get("a")?.version, 3);
    assert.equal(store.get("b")?.status, "online");
  }
});

test("an event says only what it says: the rest stays", () => {
  const store = storeOf(update("a", "online", 1, { status_message: "Au café", activity_name: "Figma" }));
  applyEvents([{ type: "presence.update", user_id: "a", status: "idle", version: 2 }], 2, store);
  assert.equal(store.get("a")?.status_message, "Au café");
  assert.equal(store.get("a")?.activity?.name, "Figma");
  applyEvents([update("a", "idle", 3, { status_message: null, activity_name: null })], 3, store);
  assert.equal(store.get("a")?.status_message, null);
  assert.equal(store.get("a")?.activity, null);
});

test("nothing new leaves the very same row, and nobody is told", () => {
  const store = storeOf(update("a", "online", 4));
  const before = store.get("a");
  let told = 0;
  store.watch(() => told++);
  applyEvents([update("a", "dnd", 4), update("a", "dnd", 2), { type: "presence.update" }], 2, store);
  assert.equal(store.get("a"), before);
  assert.equal(told, 0);
});

test("an event tells those who look at its person, and touches no other row", () => {
  const store = storeOf(update("a", "online", 1), update("b", "online", 1), update("c", "online", 1));
  const told: string[] = [];
  for (const id of ["a", "b", "c"]) store.subscribe(id, () => told.push(id));
  const [b, c] = [store.get("b"), store.get("c")];
  applyEvents([update("a", "idle", 2), update("a", "dnd", 3), update("c", "online", 1)], 20, store);
  assert.deepEqual(told, ["a"]);
  assert(store.get("b") === b && store.get("c") === c);
});

test("an answer asked for before an event does not undo it", () => {
  const seeded = (status: string, askedAt: number, version = 0) => {
    const store = new EntityStore<Known>();
    applyEvents([update("a", "dnd", 7)], 100, store);
    seedOne("a", row(status, version), askedAt, askedAt, store);
    return store.get("a")?.status;
  };
  assert.equal(seeded("online", 90), "dnd");
  assert.equal(seeded("online", 110), "online");
  assert.equal(seeded("online", 110, 6), "dnd");
  assert.equal(seeded("idle", 90, 8), "idle");
});

test("a snapshot of who is there puts the others offline, except those heard of since", () => {
  const store = storeOf(update("gone", "online", 1), update("kept", "idle", 1));
  applyEvents([update("new", "online", 1)], 60, store);
  replaceAll([{ user_id: "kept", status: "dnd", version: 2 }], 50, 50, store);
  assert.equal(store.get("gone")?.status, "offline");
  assert.equal(store.get("kept")?.status, "dnd");
  assert.equal(store.get("new")?.status, "online");
});

test("those in each status are counted as rows change", () => {
  applyEvents([update("a", "online", 1), update("b", "online", 1), update("c", "dnd", 1)], 1);
  applyEvents([update("a", "offline", 2), update("b", "dnd", 2)], 2);
  assert.deepEqual(tally.get(), { online: 0, dnd: 2, offline: 1 });
  presences.clear();
  assert.deepEqual(tally.get(), { online: 0, dnd: 0, offline: 0 });
});

test("a user is whole whatever the server leaves out", () => {
  const user = readUser({ id: "u", username: "alice", roles: [{ id: "r1", name: "x" }, "r2"], activity_name: "Figma" });
  assert.deepEqual(user.roles, ["r1", "r2"]);
  assert.equal(user.presence.status, "offline");
  assert.equal(user.presence.activity?.name, "Figma");
  assert.deepEqual(readUser(null).tags, []);
});
