import assert from "node:assert/strict";
import { test } from "node:test";
import { hasUnsaved, leaving, mayLeave } from "../src/lib/drafts";
import { check, follow, same } from "../src/lib/form";

test("a field that is not changed follows the server, one that is stays", () => {
  const base = { name: "Alice", email: "a@site.test" };
  const values = { name: "Alice", email: "b@site.test" };
  assert.deepEqual(follow(values, base, { name: "Alice B.", email: "c@site.test" }), {
    name: "Alice B.",
    email: "b@site.test",
  });
});

test("limits are checked by name, before anything is sent", () => {
  const rules = {
    name: (name: string) => (name.length > 3 ? "too long" : null),
    other: (_: string, all: { name: string }) => (all.name === "" ? "needs a name" : null),
  };
  assert.deepEqual(check({ name: "abc", other: "" }, rules), {});
  assert.deepEqual(check({ name: "abcd", other: "" }, rules), { name: "too long" });
  assert.deepEqual(check({ name: "", other: "" }, rules), { other: "needs a name" });
  assert(same({ a: [1] }, { a: [1] }) && !same({ a: [1] }, { a: [2] }));
});

test("with nothing unsaved one goes at once", () => {
  assert.equal(hasUnsaved(), false);
  assert.equal(mayLeave(), true);
  assert.equal(leaving.get(), null);
});
