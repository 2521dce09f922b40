import assert from "node:assert/strict";
import { test } from "node:test";
import { blank, patchOf, withChoice } from "../src/features/roles/draft";
import { itemOfEvent, merge } from "../src/features/dashboard/happenings";
import { withQuery } from "../src/lib/api";
import { afterClose, backoff, longestDelay } from "../src/lib/backoff";
import { choiceOf, choose, covers, diffGrants } from "../src/lib/permissions";
import { tokenOf } from "../src/lib/linkToken";
import { isSeen, readPosition } from "../src/lib/positions";
import { readProblem } from "../src/lib/problem";
import { match } from "../src/lib/router";
import { createStore } from "../src/lib/store";
import { relative } from "../src/lib/time";

test("the wait grows, is spread over its whole window, and has a limit", () => {
  assert.equal(backoff(0, () => 0), 0);
  assert.equal(backoff(0, () => 1), 500);
  assert.equal(backoff(3, () => 1), 4_000);
  for (const attempt of [7, 20, 1_000]) assert.equal(backoff(attempt, () => 1), longestDelay);
});

test("nobody comes back before the time that a full server asks for, nor all at that time", () => {
  assert.equal(backoff(0, () => 0, 8_000), 8_000);
  assert.equal(backoff(0, () => 1, 8_000), 12_000);
  assert.equal(backoff(20, () => 1, 8_000), 8_000 + longestDelay);
});

test("close codes tell what to do", () => {
  const told = [1000, 1006, 4000, 4008, 4401, 4408, 4499, 4500, 4501, 4504, 4999].map(afterClose);
  assert.deepEqual(told, [
    "return",
    "return",
    "return",
    "return",
    "renew",
    "return",
    "return",
    "stop",
    "stop",
    "stop",
    "stop",
  ]);
});

test("a position is seen only within its epoch", () => {
  assert.deepEqual(readPosition("e:1:42"), { epoch: "e:1", offset: 42 });
  for (const wrong of [null, 7, "", "42", "e:x", ":1"]) assert.equal(readPosition(wrong), null, String(wrong));
  assert(isSeen("e:5", "e:5") && isSeen("e:5", "e:4"));
  assert(!isSeen("e:5", "e:6") && !isSeen("e:5", "f:1") && !isSeen(undefined, "e:1"));
});

test("wildcards cover their family and nothing that only begins alike", () => {
  assert(covers(["users.*"], "users.read") && covers(["*"], "audit.read") && covers(["a.b"], "a.b"));
  assert(!covers(["users.*"], "users_more.read") && !covers(["users.read"], "users.*") && !covers([], "a"));
});

test("a choice takes the key out of the other list", () => {
  let grants = { permissions: ["b", "a"], denied: ["c"] };
  grants = choose(grants, "c", "allow");
  assert.deepEqual(grants, { permissions: ["a", "b", "c"], denied: [] });
  grants = choose(grants, "a", "deny");
  assert.deepEqual(grants, { permissions: ["b", "c"], denied: ["a"] });
  grants = choose(grants, "a", "unset");
  assert.equal(choiceOf(grants, "a"), "unset");
});

test("the difference of two sets names each key once with both sides", () => {
  const before = { permissions: ["a", "b"], denied: ["c"] };
  const after = { permissions: ["b", "c"], denied: ["d"] };
  assert.deepEqual(diffGrants(before, after), [
    { key: "a", from: "allow", to: "unset" },
    { key: "c", from: "deny", to: "allow" },
    { key: "d", from: "unset", to: "deny" },
  ]);
  assert.deepEqual(diffGrants(before, before), []);
});

test("a role's patch holds only what changed", () => {
  assert.deepEqual(patchOf(blank, blank), {});
  const edited = { ...withChoice(blank, "audit.read", "allow"), name: " x ", color: "#abcdef" };
  assert.deepEqual(patchOf(blank, edited), { name: "x", color: "#abcdef", permissions: ["audit.read"] });
  assert.deepEqual(patchOf(edited, blank), { name: "", color: null, permissions: [] });
});

test("problems are read whatever their shape", () => {
  const problem = readProblem(422, {
    code: "invalid",
    detail: "Vérifiez.",
    request_id: "abc",
    errors: [{ pointer: "/email", code: "invalid", detail: "Pas une adresse." }, "?", { pointer: "/a~1b/0" }],
  }, () => null);
  assert.equal(problem.fault("email"), "Pas une adresse.");
  assert.deepEqual(problem.faults.map((fault) => fault.field), ["email", "a/b"]);
  const bare = readProblem(502, undefined, (name) => (name === "Retry-After" ? "3" : null));
  assert.equal(bare.code, "http_502");
  assert.equal(bare.retryAfter, 3);
});

test("addresses match their patterns", () => {
  assert.deepEqual(match("/members/:id?/:tab?", "/members"), {});
  assert.deepEqual(match("/members/:id?/:tab?", "/members/7/roles"), { id: "7", tab: "roles" });
  assert.deepEqual(match("/audit/:id?", "/audit/a%20b"), { id: "a b" });
  assert.equal(match("/roles/:id/:tab?", "/roles"), null);
  assert.equal(match("/members/:id?/:tab?", "/members/1/2/3"), null);
  assert.deepEqual(match("/audit/:id?", "/audit/%E0%A4%A"), { id: "%E0%A4%A" });
});

test("empty filters are not sent", () => {
  assert.equal(withQuery("/users", { search: "", role: null, limit: 50, banned: true }), "/users?limit=50&banned=true");
  assert.equal(withQuery("/users"), "/users");
});

test("a store tells its listeners only of what changed", () => {
  const store = createStore(1);
  let told = 0;
  const leave = store.subscribe(() => told++);
  store.set(1);
  store.set((value) => value + 1);
  leave();
  store.set(9);
  assert.equal(told, 1);
});

test("the set-up link's secret is found in the fragment, the whole link, or alone", () => {
  for (const text of ["#token=abc", "http://127.0.0.1:8080/setup#token=abc", "token=abc", "abc", "#abc"]) {
    assert.equal(tokenOf(text), "abc", text);
  }
});

test("dates are relative within a day and absolute after", () => {
  const from = Date.UTC(2026, 5, 15, 12);
  assert.equal(relative(from - 2_000, from, "fr"), "maintenant");
  assert.equal(relative(from - 5 * 60_000, from, "en"), "5 min ago");
  assert.equal(relative(from - 5 * 60_000, from, "fr"), "il y a 5\u00a0min");
  assert(relative(from - 3 * 86_400_000, from, "en").startsWith("12 Jun"));
  assert(relative(from - 800 * 86_400_000, from, "en").endsWith("2024"));
});

test("the feed says an act once, whether the log or the gateway told it first", () => {
  const event = { type: "role.assigned", topic: "roles", position: "e:1", user_id: "u", role_id: "r", request_id: "q" };
  const live = itemOfEvent(event, 5);
  assert(live);
  const merged = merge([live], [{ ...live, live: false, at: 4 }, { ...live, key: "other", at: 9 }]);
  assert.deepEqual(merged.map((item) => [item.key, item.at]), [["other", 9], [live.key, 5]]);
  assert.equal(itemOfEvent({ type: "presence.update", topic: "presence" }, 5), null);
});
