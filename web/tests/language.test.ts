import assert from "node:assert/strict";
import { test } from "node:test";
import { broughtBy } from "../src/features/accounts/language";

const nothing = { here: null, account: null };

test("an account brings the language that its person chose to a device where none was chosen", () => {
  assert.equal(broughtBy("1", "fr", true, nothing), "fr");
  assert.equal(broughtBy("1", "fr", false, nothing), null, "a default of the team is worth less than the browser");
  assert.equal(broughtBy("1", "fr", true, { here: "en", account: null }), null, "this device has its own");
  assert.equal(broughtBy("2", "fr", true, { here: null, account: "1:en" }), "fr", "another person on the same device");
});

test("a change on another device comes to this one, and nothing else does", () => {
  assert.equal(broughtBy("1", "fr", true, { here: "en", account: "1:en" }), "fr");
  assert.equal(broughtBy("1", "fr", true, { here: "en", account: "1:fr" }), null);
  assert.equal(broughtBy("2", "fr", true, { here: "en", account: "1:fr" }), null);
});
