import assert from "node:assert/strict";
import { test } from "node:test";
import { hasUnsaved, leaving, mayLeave } from "../src/lib/drafts";
import { check, same } from "../src/lib/form";

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
