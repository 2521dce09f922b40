import assert from "node:assert/strict";
import { test } from "node:test";
import { blank, type Draft } from "../src/features/roles/draft";
import { compare, merged, type Point, usual } from "../src/features/roles/merge";
import { isMovable, moved } from "../src/features/roles/reorder";
import { localOf, momentOf } from "../src/features/users/Moment";
import { readRole, type Role } from "../src/lib/resources";

const base: Draft = { ...blank, name: "guide", priority: 40, permissions: ["a.read", "b.read"], inherits: ["r1"] };
const draft = (change: Partial<Draft>): Draft => ({ ...base, ...change });
const ids = (points: readonly Point[]) => points.map((each) => `${each.id} ${each.by}`);

test("each one's own changes are both kept; what both changed comes first and is theirs unless chosen", () => {
  const mine = draft({ name: "scout", permissions: ["a.read", "b.read", "c.read"], denied: ["d.read"], priority: 45 });
  const theirs = draft({ permissions: ["b.read"], inherits: ["r1", "r2"], priority: 50 });
  const found = compare(base, mine, theirs);
  assert.deepEqual(ids(found), [
    "priority both",
    "name mine",
    "key:a.read theirs",
    "key:c.read mine",
    "key:d.read mine",
    "role:r2 theirs",
  ]);
  const both = merged(mine, theirs, found, usual);
  assert.deepEqual(both, {
    ...theirs,
    name: "scout",
    permissions: ["b.read", "c.read"],
    denied: ["d.read"],
    inherits: ["r1", "r2"],
    priority: 50,
  });
  assert.deepEqual(merged(mine, theirs, found, () => "theirs"), theirs);
  assert.deepEqual(merged(mine, theirs, found, () => "mine"), mine);
});

test("a permission that one allowed and the other denied is one point, not two", () => {
  const mine = draft({ permissions: ["a.read"], denied: ["b.read"] });
  const theirs = draft({ permissions: ["a.read"] });
  const found = compare(base, mine, theirs);
  assert.deepEqual(ids(found), ["key:b.read both"]);
  assert.deepEqual([found[0]?.mine, found[0]?.theirs], ["deny", ""]);
  assert.deepEqual(merged(mine, theirs, found, () => "mine"), mine);
  assert.deepEqual(compare(base, theirs, theirs), []);
});

const role = (name: string, priority: number, is_system = false): Role =>
  readRole({ id: name, name, priority, is_system });
const list = [
  role("owner", 1000, true),
  role("admin", 900, true),
  role("mod", 500, true),
  role("a", 60),
  role("b", 50),
  role("member", 10, true),
  role("guest", 0, true),
];
const names = (of: readonly Role[]) => of.map((each) => each.name).join(" ");

test("a role moves within its mover's reach: not above their rank, not below the guests", () => {
  assert.equal(names(moved(list, "b", 3, 1000)), "owner admin mod b a member guest");
  assert.equal(names(moved(list, "b", 0, 1000)), "owner b admin mod a member guest");
  assert.equal(names(moved(list, "b", 0, 500)), "owner admin mod b a member guest");
  assert.equal(names(moved(list, "a", 99, 500)), "owner admin mod b member a guest");
  assert.equal(names(moved(list, "nobody", 1, 500)), names(list));
  assert.deepEqual(list.filter((each) => isMovable(each, 60)).map((each) => each.name), ["b"]);
});

test("a field's date and time and the server's are the same moment", () => {
  assert.equal(momentOf(""), null);
  assert.equal(momentOf("2026-13-45T99:00"), null);
  const at = momentOf("2026-03-01T09:30");
  assert(at && at.endsWith("Z") && localOf(at) === "2026-03-01T09:30");
  assert.equal(localOf(null), "");
});
