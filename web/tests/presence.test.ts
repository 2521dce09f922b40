import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEvents, type Presences, replaceAll, seedOne } from "../src/features/presence/presences";
import { readPresence, readUser } from "../src/lib/resources";

const update = (user_id: string, status: string, version: number, rest = {}) => ({
  type: "presence.update",
  user_id,
  status,
  version,
  ...rest,
});
const row = (status: string, version = 0) => ({ ...readPresence({ status }), version });

test("whatever the order of arrival, the highest version wins", () => {
  const events = [update("a", "online", 1), update("a", "idle", 2), update("a", "dnd", 3), update("b", "online", 9)];
  const orders = [[0, 1, 2, 3], [2, 1, 0, 3], [1, 3, 2, 0], [2, 2, 0, 1, 3, 3]];
  for (const order of orders) {
    const all = applyEvents({}, order.map((index) => events[index] ?? {}), 5);
    assert.equal(all["a"]?.status, "dnd");
    assert.equal(all["a"]?.version, 3);
    assert.equal(all["b"]?.status, "online");
  }
});

test("an event says only what it says: the rest stays", () => {
  let all = applyEvents({}, [update("a", "online", 1, { status_message: "Au café", activity_name: "Figma" })], 1);
  all = applyEvents(all, [{ type: "presence.update", user_id: "a", status: "idle", version: 2 }], 2);
  assert.equal(all["a"]?.status_message, "Au café");
  assert.equal(all["a"]?.activity?.name, "Figma");
  all = applyEvents(all, [update("a", "idle", 3, { status_message: null, activity_name: null })], 3);
  assert.equal(all["a"]?.status_message, null);
  assert.equal(all["a"]?.activity, null);
});

test("nothing new leaves the very same map", () => {
  const all = applyEvents({}, [update("a", "online", 4)], 1);
  assert.equal(applyEvents(all, [update("a", "dnd", 4), update("a", "dnd", 2), { type: "presence.update" }], 2), all);
});

test("an answer asked for before an event does not undo it", () => {
  const all = applyEvents({}, [update("a", "dnd", 7)], 100);
  assert.equal(seedOne(all, "a", row("online"), 90)["a"]?.status, "dnd");
  assert.equal(seedOne(all, "a", row("online"), 110)["a"]?.status, "online");
  assert.equal(seedOne(all, "a", row("online", 6), 110)["a"]?.status, "dnd");
  assert.equal(seedOne(all, "a", row("idle", 8), 90)["a"]?.status, "idle");
});

test("a snapshot of who is there puts the others offline, except those heard of since", () => {
  const before: Presences = applyEvents({}, [update("gone", "online", 1), update("kept", "idle", 1)], 10);
  const later = applyEvents(before, [update("new", "online", 1)], 60);
  const all = replaceAll(later, [{ user_id: "kept", status: "dnd", version: 2 }], 50);
  assert.equal(all["gone"]?.status, "offline");
  assert.equal(all["kept"]?.status, "dnd");
  assert.equal(all["new"]?.status, "online");
});

test("a user is whole whatever the server leaves out", () => {
  const user = readUser({ id: "u", username: "alice", roles: [{ id: "r1", name: "x" }, "r2"], activity_name: "Figma" });
  assert.deepEqual(user.roles, ["r1", "r2"]);
  assert.equal(user.presence.status, "offline");
  assert.equal(user.presence.activity?.name, "Figma");
  assert.deepEqual(readUser(null).tags, []);
});
