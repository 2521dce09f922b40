import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "../src/lib/api";
import { leafSize, Roll } from "../src/lib/roll";

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A list of numbers on a server, that may change; what was asked of it, and what was let go. */
function listOf(rows: number[]) {
  const asked: (string | null)[] = [];
  const dropped: number[] = [];
  const roll = new Roll<number>({
    fetch: (cursor, limit, count): Promise<Page<number>> => {
      asked.push(cursor);
      const after = cursor === null ? -Infinity : Number(cursor);
      const rest = rows.filter((row) => row > after);
      const items = rest.slice(0, limit);
      const next = rest.length > limit ? String(items[items.length - 1]) : null;
      return Promise.resolve({ items, next, ...(count ? { total: rows.length } : {}) });
    },
    drop: (items) => dropped.push(...items),
  });
  roll.watchers = 1;
  return { roll, asked, dropped };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index * 10);
const held = (roll: Roll<number>) => roll.store.get().leaves.filter((leaf) => leaf.items !== null).length;

test("a list grows by the pages that are shown, and knows its end", async () => {
  const { roll, asked } = listOf(numbers(120));
  roll.show(0, 10, 0);
  await settled();
  assert.deepEqual([asked.length, roll.store.get().length, roll.store.get().total], [1, 50, 120]);
  roll.show(40, 60, 0);
  await settled();
  roll.show(90, 119, 0);
  await settled();
  assert.deepEqual([asked.length, roll.store.get().length, roll.store.get().isWhole], [3, 120, true]);
  assert.equal(Roll.row(roll.store.get(), 119), 1190);
});

test("only what is near the screen is held, and what was let go is read again on the way back", async () => {
  const { roll, asked, dropped } = listOf(numbers(2000));
  for (let row = 0; row < 2000; row += leafSize) {
    roll.show(row, row + 20, 0);
    await settled();
  }
  assert(held(roll) <= 11, String(held(roll)));
  assert(dropped.length > 1000);
  assert.equal(Roll.row(roll.store.get(), 0), 0, "the row that is pinned stays");
  assert.equal(Roll.row(roll.store.get(), 60), undefined);
  const before = asked.length;
  roll.show(60, 70, 0);
  await settled();
  assert.equal(Roll.row(roll.store.get(), 60), 600);
  assert(asked.length - before <= 2);
});

test("rows that come and go move what follows, without a gap or a double", async () => {
  const rows = numbers(160);
  const { roll } = listOf(rows);
  roll.show(0, 160, 0);
  await settled();
  rows.splice(10, 1);
  rows.splice(20, 0, 205, 206);
  roll.refresh();
  await settled();
  const shown = Array.from({ length: roll.store.get().length }, (_, index) => Roll.row(roll.store.get(), index));
  assert.deepEqual(shown, rows);
  assert.equal(roll.store.get().total, 161);
  rows.length = 30;
  roll.refresh();
  await settled();
  assert.deepEqual([roll.store.get().length, roll.store.get().isWhole], [30, true]);
});

test("a failure is told, keeps what there is, and a second try goes on", async () => {
  let fails = false;
  const roll = new Roll<number>({
    fetch: (cursor) =>
      fails
        ? Promise.reject(new Error("no"))
        : Promise.resolve({ items: numbers(50), next: cursor === null ? "x" : null, total: 100 }),
  });
  roll.watchers = 1;
  roll.show(0, 10, 0);
  await settled();
  fails = true;
  roll.show(40, 60, 0);
  await settled();
  assert.deepEqual([roll.store.get().length, roll.store.get().problem !== null], [50, true]);
  fails = false;
  roll.refresh();
  await settled();
  assert.deepEqual([roll.store.get().length, roll.store.get().problem], [100, null]);
});
