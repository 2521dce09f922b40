import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays, addMonths, formatDay, parseDay, weeksOf } from "../src/ui/dates";

test("a date is read as people write it, and nothing else is", () => {
  for (const text of ["2026-01-31", "31/01/2026", "31.1.2026", " 31-1-2026 ", "31 01 2026"]) {
    assert.equal(parseDay(text), "2026-01-31", text);
  }
  for (const text of ["", "31/02/2026", "1/1/26", "2026-13-01", "tomorrow", "31/01/2026 10:00", "00/00/2026"]) {
    assert.equal(parseDay(text), null, text);
  }
});

test("a moment has a time of the clock on the wall", () => {
  assert.equal(parseDay("31/01/2026 9:05", true), "2026-01-31T09:05");
  assert.equal(parseDay("31/01/2026 9h05", true), "2026-01-31T09:05");
  assert.equal(parseDay("2026-01-31T09:05:07", true), "2026-01-31T09:05:07");
  assert.equal(parseDay("31/01/2026", true), "2026-01-31T00:00");
  assert.equal(parseDay("31/01/2026 24:00", true), null);
});

test("a date is written in the language of the app and can be read again", () => {
  for (const  of of["fr", "en"] as const) {
    assert.equal(formatDay("2026-01-31", of), "31/01/2026");
    assert.equal(parseDay(formatDay("2026-01-31T09:05:07", of), true), "2026-01-31T09:05:07");
    assert.equal(formatDay("2026-01-31T09:05:00", of), "31/01/2026 09:05");
    assert.equal(formatDay("", of), "");
  }
});

test("days and months are counted over their ends", () => {
  assert.equal(addDays("2024-02-28", 1), "2024-02-29");
  assert.equal(addDays("2026-01-01", -1), "2025-12-31");
  assert.equal(addMonths("2026-01-31", 1), "2026-02-28");
  assert.equal(addMonths("2024-01-31", 1), "2024-02-29");
  assert.equal(addMonths("2026-03-31", -13), "2025-02-28");
});

test("a month has whole weeks from Monday", () => {
  const weeks = weeksOf("2026-11-15");
  assert.deepEqual([weeks.length, weeks[0]?.[0], weeks.at(-1)?.[6]], [6, "2026-10-26", "2026-12-06"]);
  assert.equal(weeksOf("2027-02-10").length, 4);
});
