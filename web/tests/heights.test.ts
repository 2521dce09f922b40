import assert from "node:assert/strict";
import { test } from "node:test";
import { anchorsAt, Heights, placeOf } from "../src/lib/heights";

const keys = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => String(from + at));
const heightOf = (key: string) => 20 + (Math.abs(Number(key)) * 37) % 190;

test("rows are found by where they stand, measured or guessed", () => {
  const heights = new Heights(50);
  heights.setKeys(keys(0, 10));
  assert.deepEqual([heights.total, heights.top(3), heights.at(0), heights.at(149), heights.at(150)], [
    500,
    150,
    0,
    2,
    3,
  ]);
  assert(heights.measure("1", 80.2));
  assert(!heights.measure("1", 81), "whole pixels: the same");
  assert.deepEqual([heights.total, heights.top(2), heights.at(130), heights.at(131)], [531, 131, 1, 2]);
  assert.deepEqual([heights.at(-5), heights.at(9_999)], [0, 9]);
  const none = new Heights(50);
  none.setKeys([]);
  assert.deepEqual([none.total, none.at(10), anchorsAt(none, 0, 100)], [0, 0, []]);
});

test("whatever comes above, and however high it turns out, the row that is seen stays where it is", () => {
  const heights = new Heights(56);
  let first = 0;
  heights.setKeys(keys(first, 10_000));
  let scrollTop = 123_456;
  for (let turn = 1; turn <= 40; turn++) {
    const anchors = anchorsAt(heights, scrollTop, 700);
    const seen = anchors[0];
    assert(seen && seen.below <= 0 && anchors.length > 2);
    first -= (turn * 13) % 50;
    heights.setKeys(keys(first, 10_000));
    for (let each = 0; each < 60; each++) {
      const key = String(first + (each * turn * 7) % 9_000);
      heights.measure(key, heightOf(key) + (turn % 3));
    }
    const place = placeOf(heights, anchors);
    assert(place !== null);
    const at = heights.indexOf(seen.key) ?? -1;
    assert.equal(heights.top(at) - place, seen.below);
    assert(heights.at(place) === at || seen.below + (heights.top(at + 1) - heights.top(at)) <= 0);
    scrollTop = place;
  }
  assert.equal(placeOf(heights, [{ key: "gone", below: 0 }]), null);
  // The first that was seen is gone: the next holds.
  assert.equal(placeOf(heights, [{ key: "gone", below: -3 }, { key: String(first), below: 40 }]), -40);
});
