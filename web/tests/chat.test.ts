import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMentions, encodeMentions, everybody, ofPerson, wordAt } from "../src/features/conversations/mentions";
import { entriesOf, inOrder, moveCategory, moveChannel, orderOf } from "../src/features/conversations/arrange";
import { Outbox, type Pending } from "../src/features/conversations/outbox";
import { rowsOf } from "../src/features/conversations/rows";
import { type Conversation, type Message, readConversation, readMessage } from "../src/features/conversations/shapes";
import { conversations, countActivity, countIn, mine, takeRead } from "../src/features/conversations/store";
import { append, arrive, empty, merge, most, prepend, react, trim, update } from "../src/features/conversations/window";
import { emojiOf, inTone, searchEmoji, withEmoji } from "../src/features/emoji/emoji";
import { asProblem, Problem } from "../src/lib/problem";

const start = Date.parse("2026-01-31T12:00:00.000Z");
const message = (seq: number, more: Partial<Message> = {}): Message => ({
  ...readMessage({
    id: `m${String(seq).padStart(4, "0")}`,
    conversation_id: "c",
    seq,
    author_id: "bob",
    content: `text ${seq}`,
    created_at: new Date(start + seq * 1_000).toISOString(),
    version: 1,
  }),
  ...more,
});
const some = (from: number, to: number): Message[] =>
  Array.from({ length: to - from + 1 }, (_, at) => message(from + at));
const seqs = (items: readonly Message[]): number[] => items.map(({ seq }) => seq);

test("messages stand once each in their order, the later version of each", () => {
  const merged = merge(some(3, 5), [
    message(4, { version: 2, content: "new" }),
    message(1),
    message(5, { version: 0, content: "old" }),
  ]);
  assert.deepEqual(seqs(merged), [1, 3, 4, 5]);
  assert.deepEqual(merged.map(({ content }) => content), ["text 1", "text 3", "new", "text 5"]);
});

test("what comes is taken in at the end alone, and a hole is told", () => {
  const end = { items: some(1, 3), hasBefore: false, hasAfter: false };
  const next = arrive(end, message(4));
  assert(next !== null && next !== "gap");
  assert.deepEqual(seqs(next.items), [1, 2, 3, 4]);
  assert.equal(arrive(end, message(6)), "gap");
  assert.equal(arrive({ ...end, hasAfter: true }, message(4)), null);
  assert.deepEqual(arrive(empty, message(9)) !== "gap" && seqs((arrive(empty, message(9)) as typeof end).items), [9]);
});

test("both ways pages join, and the far end is let go", () => {
  const middle = { items: some(51, 100), hasBefore: true, hasAfter: true };
  const wide = append(prepend(middle, some(1, 50), false), some(101, 150), false);
  assert.deepEqual([wide.items.length, wide.hasBefore, wide.hasAfter], [150, false, false]);
  const long = trim({ items: some(1, most + 10), hasBefore: false, hasAfter: false }, "end");
  assert.deepEqual([long.items.length, long.items[0]?.seq, long.hasBefore], [most, 11, true]);
});

test("an edit changes the quotes of a message, a deletion empties them, and an older version changes nothing", () => {
  const reply = message(2, { reply_to: { id: "m0001", author_id: "bob", content: "text 1", deleted: false } });
  const stretch = { items: [message(1), reply], hasBefore: false, hasAfter: false };
  const edited = update(stretch, message(1, { content: "new", version: 2 }));
  assert.equal(edited?.items[1]?.reply_to?.content, "new");
  const gone = update(stretch, message(1, { content: "", deleted_at: "2026-01-31T12:00:00.000Z", version: 2 }));
  assert.deepEqual([gone?.items[1]?.reply_to?.content, gone?.items[1]?.reply_to?.deleted], ["", true]);
  assert.equal(update(stretch, message(1, { version: 0 })), null);
  assert.equal(react(stretch, "m0001", [{ emoji: "👍", count: 1, mine: true }]).items[0]?.reactions.length, 1);
});

const waits = (key: string, more: Partial<Pending> = {}): Pending => ({
  key,
  conversation: "c",
  content: key,
  reply_to: null,
  files: [],
  at: start + 60_000,
  refusal: null,
  ...more,
});

test("messages of one person within minutes are one group; a day, a reply and the line of what is new begin another", () => {
  const rows = rowsOf(
    [
      message(1),
      message(2),
      message(3, { author_id: "zoe" }),
      message(4, { author_id: "zoe", reply_to: { id: "m0001", author_id: "bob", content: "", deleted: false } }),
      message(5, { created_at: new Date(start + 86_400_000).toISOString() }),
      message(6, { created_at: new Date(start + 86_401_000).toISOString() }),
      message(7, { created_at: new Date(start + 86_401_000 + 8 * 60_000).toISOString() }),
    ],
    [],
    6,
    "me",
  );
  assert.deepEqual(rows.map(({ isFollowUp }) => isFollowUp), [false, true, false, false, false, false, false]);
  assert.deepEqual(rows.map(({ day }) => day !== null), [true, false, false, false, true, false, false]);
  assert.deepEqual(rows.map(({ isFirstNew }) => isFirstNew), [false, false, false, false, false, true, false]);
});

test("the line stands above the first that somebody else wrote, and only once", () => {
  const rows = rowsOf([message(1), message(2, { author_id: "me" }), message(3), message(4)], [], 2, "me");
  assert.deepEqual(rows.filter(({ isFirstNew }) => isFirstNew).map(({ key }) => key), ["m0003"]);
});

test("what waits stands at the end, and keeps its row once it is confirmed", () => {
  const before = rowsOf([message(1)], [waits("k1"), waits("k2")], null, "me");
  assert.deepEqual(before.map(({ key }) => key), ["m0001", "k1", "k2"]);
  const after = rowsOf(
    [message(1), message(2, { author_id: "me", key: "k1" })],
    [waits("k1"), waits("k2")],
    null,
    "me",
  );
  assert.deepEqual(after.map(({ key }) => key), ["m0001", "k1", "k2"]);
});

/** A server that takes each key once, over a network that a test breaks. */
function office() {
  let kept: Pending[] = [];
  const sent: string[] = [];
  const seen = new Set<string>();
  const timers: (() => void)[] = [];
  const world = { answer: (_: Pending): Error | null => null, loses: false };
  const outbox = new Outbox({
    load: () => kept,
    save: (all) => void (kept = [...all]),
    send: (pending) => {
      const refusal = world.answer(pending);
      if (refusal) return Promise.reject(refusal);
      if (!seen.has(pending.key)) sent.push(pending.content);
      seen.add(pending.key);
      return world.loses ? Promise.reject(new Problem(0, "network", "", "")) : Promise.resolve();
    },
    alone: (_, run) => run(),
    problemOf: asProblem,
    words: ({ code }) => code,
    later: (run) => void timers.push(run),
  });
  const settle = async () => {
    for (let turn = 0; turn < 200; turn++) await Promise.resolve();
  };
  return { outbox, sent, timers, world, settle, kept: () => kept };
}

test("written offline, sent in order on return, with what is written meanwhile at the end", async () => {
  const { outbox, sent, world, settle, kept } = office();
  world.answer = () => new Problem(0, "network", "", "");
  for (let at = 1; at <= 10; at++) outbox.add(waits(`k${at}`));
  await settle();
  assert.deepEqual(sent, []);
  world.answer = () => null;
  outbox.flushAll();
  outbox.add(waits("k11"));
  await settle();
  assert.deepEqual(sent, Array.from({ length: 11 }, (_, at) => `k${at + 1}`));
  assert.deepEqual(kept(), []);
});

test("an answer that is lost makes no second message", async () => {
  const { outbox, sent, world, settle, timers } = office();
  world.loses = true;
  outbox.add(waits("k1"));
  await settle();
  assert.equal(outbox.pending.get().length, 1);
  world.loses = false;
  timers.forEach((run) => run());
  await settle();
  assert.deepEqual([sent, outbox.pending.get()], [["k1"], []]);
});

test("a failure of the server stops the queue and it goes on there; a refusal marks one and goes on", async () => {
  const { outbox, sent, world, settle, timers } = office();
  world.answer = ({ key }) => key === "k2" ? new Problem(500, "internal", "", "") : null;
  for (const key of ["k1", "k2", "k3"]) outbox.add(waits(key));
  await settle();
  assert.deepEqual(sent, ["k1"]);
  world.answer = ({ key }) => key === "k2" ? new Problem(422, "too_long", "", "") : null;
  timers.splice(0).forEach((run) => run());
  await settle();
  assert.deepEqual(sent, ["k1", "k3"]);
  assert.deepEqual(outbox.pending.get().map(({ key, refusal }) => [key, refusal]), [["k2", "too_long"]]);
  world.answer = () => null;
  outbox.retry("k2");
  await settle();
  assert.deepEqual([sent, outbox.pending.get()], [["k1", "k3", "k2"], []]);
});

test("a refused message can be withdrawn", async () => {
  const { outbox, world, settle, kept } = office();
  world.answer = () => new Problem(403, "not_allowed", "", "");
  outbox.add(waits("k1"));
  await settle();
  outbox.withdraw("k1");
  assert.deepEqual([outbox.pending.get(), kept()], [[], []]);
});

test("names become ids outside code, the longest first, and come back", () => {
  const known = [ofPerson({ id: "1", username: "zo" }), ofPerson({ id: "2", username: "zoe" }), everybody];
  assert.equal(encodeMentions("@zoe, @zo and @everyone", known), "<@2>, <@1> and <@everyone>");
  assert.equal(encodeMentions("`@zoe` mail@zoe @zoed", known), "`@zoe` mail@zoe @zoed");
  assert.equal(decodeMentions("hi <@2>", known), "hi @zoe");
});

test("the word at the caret", () => {
  assert.deepEqual(wordAt("hi @zo", 6), { kind: "@", word: "zo", start: 3 });
  assert.deepEqual(wordAt("(:fir", 5), { kind: ":", word: "fir", start: 1 });
  for (const text of ["10:30", "a@b", ":p", "hi"]) assert.equal(wordAt(text, text.length), null, text);
});

test("emoji by name in both languages, without accents, and by shortcode", () => {
  const first = (text: string) => searchEmoji(text).slice(0, 12).map(({ char }) => char);
  for (
    const [text, char] of [["fire", "🔥"], ["feu", "🔥"], ["coeur rouge", "❤️"], ["fête", "🎉"], ["thumbs up", "👍"], [
      "+1",
      "👍",
    ], ["tada", "🎉"]] as const
  ) {
    assert(first(text).includes(char), `${text}: ${first(text).join("")}`);
  }
  assert.deepEqual(searchEmoji("xyzzy"), []);
  assert.equal(withEmoji("ok :tada: `:tada:` 10:30: :nothing_like_it:"), "ok 🎉 `:tada:` 10:30: :nothing_like_it:");
  const wave = emojiOf("waving_hand");
  assert(wave);
  assert.equal(inTone(wave, "🏽"), "👋🏽");
  assert.equal(inTone(wave, ""), "👋");
});

test("what the site says is no new message, and stands apart", () => {
  const line = { ...message(1, { author_id: "a" }), kind: "system" as const };
  const rows = rowsOf([line, message(2, { author_id: "a" })], [], 1, "me");
  assert.deepEqual(rows.map(({ isFirstNew }) => isFirstNew), [false, true]);
  assert.deepEqual(rows.map(({ isFollowUp }) => isFollowUp), [false, false]);
});

test("seen stands at the last of one's own messages that somebody has read", () => {
  const all = [
    message(1, { author_id: "me" }),
    message(2, { author_id: "a" }),
    message(3, { author_id: "me" }),
    message(4, { author_id: "me" }),
  ];
  const seen = (receipts: Record<string, number>) => rowsOf(all, [], null, "me", receipts).map(({ seenBy }) => seenBy);
  assert.deepEqual(seen({}), [null, null, null, null]);
  assert.deepEqual(seen({ a: 2, b: 0 }), [["a"], null, null, null]);
  assert.deepEqual(seen({ a: 3, b: 4 }), [null, null, null, ["b"]]);
  assert.deepEqual(seen({ a: 4, b: 4 }), [null, null, null, ["a", "b"]]);
});

test("channels and categories move in one list", () => {
  const category = (id: string) => ({ id, name: id, position: 0 });
  const channel = (id: string, category_id: string | null) =>
    ({ id, category_id, name: id }) as unknown as Conversation;
  const entries = entriesOf([category("A"), category("B")], [
    channel("1", null),
    channel("2", "A"),
    channel("3", "B"),
    channel("4", "gone"),
  ]);
  const ids = (some: readonly { id: string }[]) => some.map(({ id }) => id).join("");
  assert.equal(ids(entries), "14A2B3");
  assert.equal(ids(moveChannel(entries, "1", 2)), "4A12B3");
  assert.deepEqual(orderOf(moveChannel(entries, "1", 2)), {
    categories: ["A", "B"],
    channels: [{ id: "4", category_id: null }, { id: "1", category_id: "A" }, { id: "2", category_id: "A" }, {
      id: "3",
      category_id: "B",
    }],
  });
  assert.equal(ids(moveCategory(entries, "B", 0)), "14B3A2");
  assert.equal(ids(moveCategory(entries, "B", 9)), "14A2B3");
  assert.equal(ids(inOrder(entries, ["4", "1", "B", "3", "A"])), "412B3A");
});

const channel = (more: Partial<Conversation> = {}): Conversation => ({
  ...readConversation({ id: "c", kind: "channel", last_seq: 1, read_seq: 1, unread: 0, gaps: 0, broadcasts: 0 }),
  ...more,
});
const unreadOf = (): number | null | undefined => conversations.get("c")?.unread;

test("places that are read are not unread, in whatever order the events come", () => {
  mine.id = "me";
  conversations.set("c", channel());
  takeRead({ conversation_id: "c", read_seq: 4, unread: 0, mentions: 0 });
  countActivity("c", 4, 0, 0);
  assert.equal(unreadOf(), 0);
  countActivity("c", 5, 0, 0);
  assert.equal(unreadOf(), 1);

  conversations.set("c", channel());
  countActivity("c", 4, 0, 0);
  assert.equal(unreadOf(), 3);
  takeRead({ conversation_id: "c", read_seq: 3, unread: 1, mentions: 0 });
  // The own messages that were counted at first are settled, and do not count twice.
  for (const seq of [2, 3]) countIn(message(seq, { author_id: "me" }));
  assert.equal(unreadOf(), 1);

  conversations.set("c", channel());
  takeRead({ conversation_id: "c", read_seq: 3, unread: 0, mentions: 0 });
  countIn(message(3, { author_id: "me" }));
  countIn(message(5));
  assert.equal(unreadOf(), 2);
});
