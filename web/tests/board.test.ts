import assert from "node:assert/strict";
import { test } from "node:test";
import { type BoardPerson, group, inOrder } from "../src/features/board/groups";
import { readPresence, readRole, type Role } from "../src/lib/resources";

const person = (id: string, sort: string, ...roles: string[]): BoardPerson => ({
  id,
  username: id,
  display_name: null,
  avatar_url: null,
  roles,
  sort,
});
const people = inOrder([person("3", "carol", "staff"), person("1", "alice"), person("2", "alice", "staff", "admin")]);
const shown: Record<string, unknown> = {
  1: { status: "dnd", activity_name: "Figma" },
  2: { status: "online", activity_name: "Figma" },
  3: { status: "online" },
};
const roles: Record<string, Role> = Object.fromEntries(
  [["staff", 20], ["admin", 80]].map(([id, priority]) => [id, readRole({ id, name: id, priority })]),
);
const by = (order: "status" | "role" | "activity") =>
  group(people, order, (id) => readPresence(shown[id]), roles).map((
    each,
  ) => [each.key, each.people.map(({ id }) => id)]);

test("people stand by name, those of the same name in an order of their own", () => {
  assert.deepEqual(people.map(({ id }) => id), ["1", "2", "3"]);
});

test("everybody is in one group: their status, their highest role, what they do", () => {
  assert.deepEqual(by("status"), [["online", ["2", "3"]], ["dnd", ["1"]]]);
  assert.deepEqual(by("role"), [["admin", ["2"]], ["staff", ["3"]], [null, ["1"]]]);
  assert.deepEqual(by("activity"), [["Figma", ["1", "2"]], [null, ["3"]]]);
});
