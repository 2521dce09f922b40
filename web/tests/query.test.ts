import assert from "node:assert/strict";
import { test as runTest } from "node:test";
import { api, deadlineOf } from "../src/lib/api";
import { BatchReader } from "../src/lib/entities";
import { asProblem } from "../src/lib/problem";
import { amend, forgetAll, invalidate, invalidateAll, peekQuery, watchQuery as watchForGood } from "../src/lib/query";

const open = new Set<() => void>();

/** The same, ended with its test. */
const watchQuery: typeof watchForGood = (...given) => {
  const end = watchForGood(...given);
  const leave = () => void (open.delete(leave) && end());
  open.add(leave);
  return leave;
};

/** Each begins with nothing kept. */
const test = (name: string, run: () => Promise<void>) =>
  runTest(name, async () => {
    for (const leave of open) leave();
    forgetAll();
    await run();
  });

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A server that answers when it is told to; what was asked of it. */
function server() {
  const waiting: { answer: (value: unknown) => void; fail: (error: unknown) => void; signal: AbortSignal }[] = [];
  let asked = 0;
  const fetch = (signal: AbortSignal) => {
    asked++;
    return new Promise<unknown>((answer, fail) => {
      signal.addEventListener("abort", () => fail(new Error("aborted")));
      waiting.push({ answer, fail, signal });
    });
  };
  const next = () => {
    const first = waiting.shift();
    assert(first, "nothing was asked");
    return first;
  };
  return { fetch, asked: () => asked, next };
}

test("a key has one request under way, and all who look get its answer", async () => {
  const { fetch, asked, next } = server();
  const leave = [watchQuery("k", fetch), watchQuery("k", fetch), watchQuery("k", fetch)];
  assert.equal(asked(), 1);
  next().answer("hello");
  await settled();
  assert.equal(peekQuery("k").data, "hello");
  leave.forEach((each) => each());
});

test("what is fresh is not asked for again, what is outdated is", async () => {
  const { fetch, asked, next } = server();
  watchQuery("k", fetch, { fresh: 60_000, about: ["user:7"] })();
  const leave = watchQuery("k", fetch, { fresh: 60_000, about: ["user:7"] });
  next().answer(1);
  await settled();
  leave();
  watchQuery("k", fetch, { fresh: 60_000, about: ["user:7"] })();
  assert.equal(asked(), 1);
  invalidate("user:7");
  assert.equal(asked(), 1, "nobody looks");
  watchQuery("k", fetch, { fresh: 60_000, about: ["user:7"] });
  assert.equal(asked(), 2);
});

test("a change concerns its key and what depends on it, not what begins alike", async () => {
  const one = server();
  const other = server();
  watchQuery("user:1", one.fetch);
  watchQuery("user:12", other.fetch, { about: ["users"] });
  one.next().answer(1);
  other.next().answer(2);
  await settled();
  invalidate("user:1");
  invalidate("user");
  assert.deepEqual([one.asked(), other.asked()], [2, 1]);
  invalidate("users");
  assert.deepEqual([one.asked(), other.asked()], [2, 2]);
});

test("what changes while a request is under way is read once more, however often it changed", async () => {
  const { fetch, asked, next } = server();
  watchQuery("k", fetch);
  for (let times = 0; times < 5; times++) invalidate("k");
  invalidateAll();
  assert.equal(asked(), 1);
  next().answer("old");
  await settled();
  assert.deepEqual([asked(), peekQuery("k").data], [2, "old"]);
  next().answer("new");
  await settled();
  assert.deepEqual([asked(), peekQuery("k").data], [2, "new"]);
});

test("a request that nobody waits for is ended", async () => {
  const { fetch, next } = server();
  watchQuery("k", fetch)();
  await settled();
  assert(next().signal.aborted);
  assert.equal(peekQuery("k").problem, null);
});

test("an optimistic edit is not undone by an answer that does not know it", async () => {
  const { fetch, next } = server();
  watchQuery("k", fetch);
  next().answer(["a", "b"]);
  await settled();
  invalidate("k");
  const late = next();
  amend<string[]>("k", (rows) => rows.filter((row) => row !== "a"));
  late.answer(["a", "b"]);
  await settled();
  assert.deepEqual(peekQuery("k").data, ["b"]);
});

test("rows that are wanted at once are read in one request, each once, up to its limit", async () => {
  const asked: (readonly string[])[] = [];
  let answer: () => void = () => undefined;
  const reader = new BatchReader((ids) => {
    asked.push(ids);
    return new Promise((resolve) => answer = resolve);
  }, 3);
  for (const id of ["a", "b", "a", "c", "d"]) void reader.want(id);
  await settled();
  assert.deepEqual(asked, [["a", "b", "c"], ["d"]]);
  // On its way already, but for what was heard since.
  void reader.want("d");
  void reader.again("a");
  await settled();
  assert.deepEqual(asked.slice(2), [["a"]]);
  answer();
});

test("an answer that does not come is given up, with a problem that says so", async () => {
  assert.deepEqual([deadlineOf("GET"), deadlineOf("POST"), deadlineOf("PATCH")], [10_000, 30_000, 30_000]);
  const real = globalThis.fetch;
  let tries = 0;
  globalThis.fetch = ((_: string, { signal }: RequestInit) => {
    tries++;
    return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted"))));
  }) as typeof fetch;
  try {
    for (const method of ["GET", "POST"]) {
      const problem = asProblem(await api(method, "/x", { timeout: 5, body: {} }).catch((error: unknown) => error));
      assert.deepEqual([problem.code, problem.isLate, problem.isOffline], ["timeout", true, true]);
    }
    assert.equal(tries, 2, "nobody is made to wait twice");
    const stop = new AbortController();
    const ended = api("GET", "/x", { signal: stop.signal }).catch((error: Error) => error.message);
    stop.abort();
    assert.equal(await ended, "aborted");
  } finally {
    globalThis.fetch = real;
  }
});

test("what is looked at while everything is forgotten is read again", async () => {
  let reads = 0;
  const leave = watchQuery("forgotten", () => Promise.resolve(++reads));
  await settled();
  forgetAll();
  assert.equal(peekQuery("forgotten").data, undefined);
  await settled();
  assert.equal(peekQuery("forgotten").data, 2);
  leave();
  forgetAll();
  await settled();
  assert.equal(reads, 2);
});
