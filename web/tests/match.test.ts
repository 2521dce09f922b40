import assert from "node:assert/strict";
import { test } from "node:test";
import { distance, score } from "../src/lib/match";
import { parseAct, placeOfAct } from "../src/features/users/personActs";

test("letters that are missing, wrong or swapped are counted", () => {
  assert.equal(distance("membre", "membre"), 0);
  assert.equal(distance("memebr", "member"), 1);
  assert.equal(distance("rols", "roles"), 1);
  assert.equal(distance("", "abc"), 3);
});

test("a label is found by words in any order, by beginnings, by synonyms and with a slip of the finger", () => {
  for (
    const [typed, label, also] of [
      ["add member", "Add member", ""],
      ["member add", "Add member", ""],
      ["new user", "Add member", "new user create invite"],
      ["log out", "Sign out", "log out logout quit"],
      ["dnd", "Do not disturb", "dnd busy"],
      ["dashbord", "Dashboard", ""],
      ["reglages", "Réglages", ""],
      ["memebrs", "Members", ""],
    ] as const
  ) assert(score(typed, label, also) > 0, typed);
});

test("what fits better stands first, and what does not fit is left out", () => {
  assert(score("role", "Roles") > score("role", "Create something", "role"));
  assert(score("roles", "Roles") > score("rol", "Roles"));
  assert.equal(score("audit", "Members"), 0);
  assert.equal(score("add zebra", "Add member"), 0);
});

test("a verb and a name act on the person who is found", () => {
  assert.deepEqual(parseAct("ban adam"), { act: "ban", rest: "adam" });
  assert.deepEqual(parseAct("  Bannir  Zoé du Lac "), { act: "ban", rest: "Zoé du Lac" });
  assert.deepEqual(parseAct("rôles zoe"), { act: "roles", rest: "zoe" });
  assert.equal(parseAct("ban"), null);
  assert.equal(parseAct("ban a"), null);
  assert.equal(parseAct("adam ban"), null);
  assert.equal(placeOfAct("ban", "7"), "/panel/members/7/moderation?act=ban");
});
