import assert from "node:assert/strict";
import { test } from "node:test";
import {
  boundsOf,
  byDay,
  dayLabel,
  familyOf,
  type HistoryEntry,
  monthLabel,
  monthsBefore,
  pathOfTarget,
  readEntry,
  sentenceOf,
} from "../src/features/profile/entries";
import { hueOf, maySee, readProfile } from "../src/features/profile/profile";
import { waves } from "../src/features/profile/Banner";

const entry = (type: string, detail: Record<string, unknown> = {}, at = "2026-11-29T10:00:00.000Z"): HistoryEntry =>
  readEntry({ id: type + at, type, at, target: { kind: "media", id: "a", name: "Solaris" }, detail });
const keyOf = (type: string, detail?: Record<string, unknown>) =>
  sentenceOf(entry(type, detail), (stars) => `${stars * 2}`);

test("each type of entry has a sentence, and an unknown type is shown by its name", () => {
  assert.equal(keyOf("like.added").key, "history.say.like.added");
  assert.equal(keyOf("role.assigned").key, "history.say.role.assigned");
  assert.deepEqual(keyOf("rating.added", { value: 4.5 }), { key: "history.say.rating", values: { value: "9" } });
  assert.deepEqual(keyOf("rating.changed", { value: 4.5, before: 4 }).values, { value: "9", before: "8" });
  assert.equal(keyOf("rating.added").key, "history.say.other");
  assert.deepEqual(keyOf("seen.added", { season: 2, number: 5 }), {
    key: "history.say.episode.seen",
    values: { season: 2, number: 5 },
  });
  assert.equal(keyOf("seen.removed", { season: 2, number: 5 }).key, "history.say.episode.unseen");
  assert.equal(keyOf("seen.added").key, "history.say.seen.added");
  assert.deepEqual(keyOf("status.changed", { status_emoji: "🍿", status_message: "Ce soir" }).values, {
    value: "🍿 Ce soir",
  });
  assert.deepEqual(keyOf("something.else"), { key: "history.say.other", values: { type: "something.else" } });
  assert.equal(familyOf("watchlist.added"), "watchlist");
  assert.equal(familyOf("something.else"), null);
});

test("an entry links to its title or person, other targets have no link", () => {
  assert.equal(pathOfTarget(entry("like.added")), "/films/a");
  const to = (target: unknown, detail = {}) => pathOfTarget(readEntry({ type: "x", at: "", target, detail }));
  assert.equal(to({ kind: "user", id: "u", name: "Léa" }, { username: "lea" }), "/@lea");
  assert.equal(to({ kind: "role", id: "r", name: "mod" }), null);
  assert.equal(to({ kind: "media", name: "Gone" }), null);
});

test("days and months are those of the reader", () => {
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();
  const days = byDay([entry("a.b", {}, at(29, 23)), entry("a.c", {}, at(29, 0)), entry("a.d", {}, at(28, 23))]);
  assert.deepEqual(days.map(({ entries }) => entries.length), [2, 1]);
  const now = new Date(2026, 10, 29, 12).getTime();
  assert.deepEqual(dayLabel(at(29, 0), now, "en"), { key: "history.today" });
  assert.deepEqual(dayLabel(at(28, 23), now, "en"), { key: "history.yesterday" });
  assert.deepEqual(dayLabel(at(24, 9), now, "fr"), { text: "Mardi 24 novembre" });
  assert.deepEqual(monthsBefore(new Date(2026, 0, 31), 3), ["2026-01", "2025-12", "2025-11"]);
  assert.equal(monthLabel("2026-02", "fr"), "Février 2026");
  assert.deepEqual(boundsOf("2026-12"), {
    from: new Date(2026, 11, 1).toISOString(),
    to: new Date(2027, 0, 1).toISOString(),
  });
  assert.equal(boundsOf("2026"), null);
});

test("missing fields of a profile have defaults, and parts are visible unless it says otherwise", () => {
  const bare = readProfile({ user: { id: "u", username: "lea" } });
  assert.deepEqual([bare.friendState, bare.counts, bare.note, bare.hue], ["none", {}, "", null]);
  assert.equal(maySee(bare, "history"), true);
  const closed = readProfile({ visible: { history: false }, counts: { likes: 0 }, friend_state: "friends" });
  assert.deepEqual([maySee(closed, "history"), closed.counts, closed.friendState], [false, { likes: 0 }, "friends"]);
});

test("a banner is the same each time it is drawn", () => {
  const hue = hueOf("01930000-0000-8000-8000-000000000001");
  assert(hue >= 0 && hue < 360);
  assert.deepEqual(waves(hue), waves(hue));
});
