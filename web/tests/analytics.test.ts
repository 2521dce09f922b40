// Measures on screen: windows that come by the thousand, gaps, and what a reader is told of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ghost, rateOf } from "../src/features/analytics/Cards";
import { ceiling, pathOf } from "../src/features/analytics/Chart";
import { latest, merge, readLive, readWindow, spans, sum, type Window } from "../src/features/analytics/measures";
import { grade, readVisits } from "../src/features/analytics/visits";

const windowAt = (start: number, more: object = {}): Window =>
  readWindow({ start: new Date(start).toISOString(), requests: 1, errors: 0, latency: { p95: 12 }, ...more });

test("an hour of seconds keeps as many windows as the page shows, the latest", () => {
  let windows: readonly Window[] = [];
  for (let second = 0; second < 3600; second++) windows = merge(windows, windowAt(second * 1000), spans["1s"]);
  assert.equal(windows.length, spans["1s"]);
  assert.equal(windows[windows.length - 1]?.start, 3_599_000);
});

test("a window that is told of again replaces the first; one from before is dropped", () => {
  const windows = [windowAt(1000), windowAt(2000)];
  assert.deepEqual(merge(windows, windowAt(2000, { requests: 9 }), 60).map(({ requests }) => requests), [1, 9]);
  assert.equal(merge(windows, windowAt(0), 60), windows);
});

test("what is not known is a gap, and never 0", () => {
  const unknown = windowAt(0, { requests: null, errors: null, latency: null });
  assert.equal(unknown.requests, null);
  assert.equal(unknown.p95, null);
  assert.equal(sum([null, null]), null);
  assert.equal(rateOf([unknown]), null);
  assert.equal(latest([windowAt(0), unknown], ({ requests }) => requests), 1);
  assert.equal(pathOf([1, 1, null, 1, 1], 1), "M0.00 0.00L25.00 0.00M75.00 0.00L100.00 0.00");
  assert.equal(pathOf([null, 1, null], 1), "M50.00 0.00h0.6");
});

test("the line of another day is brought to the width of today's windows", () => {
  const day = 86_400_000;
  const live = {
    ...readLive({}),
    windows: [windowAt(day), windowAt(day + 60_000)],
    compare: { interval: "1m", windows: [windowAt(0, { requests: 120 })], total: windowAt(0) },
  };
  assert.deepEqual(ghost(live, ({ requests }) => requests, 1), [2, null]);
});

test("an axis ends at a round number", () => {
  assert.deepEqual([0, 0.7, 7, 43, 101].map(ceiling), [1, 0.8, 8, 50, 150]);
});

test("answers of another shape are read as nothing", () => {
  for (const value of [null, 7, [], { windows: 3, days: "x", vitals: [] }]) {
    assert.deepEqual(readLive(value).windows, []);
    assert.equal(readVisits(value).views, 0);
    assert.equal(readVisits(value).vitals.lcp.p75, null);
  }
});

test("speed is graded by the limits of web vitals", () => {
  assert.deepEqual([null, 2500, 2501, 4001].map((value) => grade("lcp", value)), ["none", "good", "fair", "poor"]);
  assert.equal(grade("cls", 0.3), "poor");
});
