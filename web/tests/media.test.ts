import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Answer,
  type Mark,
  MarkStore,
  type MarkValue,
  rated,
  recounted,
  withMark,
} from "../src/features/media/marks";
import {
  idIn,
  type Kind,
  nextEpisode,
  noMarks,
  numberIn,
  pathOf,
  readDetail,
  readTitle,
  seasonToOpen,
  type Standing,
  today,
} from "../src/features/media/titles";
import { dayOf, lengthOf, noteOf, outOfTen } from "../src/features/media/figures";
import { Problem } from "../src/lib/problem";
import { match } from "../src/lib/router";
import { neighbour } from "../src/ui/useGridFocus";

const counts = { favorite: 10, like: 20, watchlist: 30, ratings: 2, average: 4 };
const standing = (change: Partial<Standing["state"]> = {}): Standing => ({ state: { ...noMarks, ...change }, counts });

/** A server that keeps what it is told, and answers when it is let. */
class Server {
  state = { ...noMarks, version: 1 };
  likes = 20;
  changes: string[] = [];
  sent: string[] = [];
  waiting: (() => void)[] = [];
  fails = 0;

  send = (_id: string, mark: Mark, value: MarkValue): Promise<Answer> => {
    this.sent.push(`${mark}=${value}`);
    return new Promise((resolve, reject) => {
      this.waiting.push(() => {
        if (this.fails > 0) {
          this.fails--;
          return reject(new Problem(503, "busy", "", ""));
        }
        if (this.state[mark] !== value) {
          if (mark === "like") this.likes += value ? 1 : -1;
          this.state = { ...this.state, [mark]: value, version: this.state.version + 1 };
          this.changes.push(`${mark}=${value}`);
        }
        resolve(this.answer());
      });
    });
  };

  answer = () => ({ state: { ...this.state }, counts: { ...counts, like: this.likes } });

  async next(): Promise<void> {
    this.waiting.shift()?.();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}

function watched(server: Server) {
  const failures: string[] = [];
  const markStore = new MarkStore(server.send, (_id, mark, value) => failures.push(`${mark}=${value}`));
  markStore.seed("a", standing({ version: 1 }), 1);
  const seen = () => {
    const shown = markStore.shown.get("a");
    return [shown?.state.like, shown?.counts.like];
  };
  return { markStore, failures, seen };
}

test("a mark and its counter change at once, and stay after the answer", async () => {
  const server = new Server();
  const { markStore, seen } = watched(server);
  markStore.set("a", "like", true);
  assert.deepEqual(seen(), [true, 21]);
  await server.next();
  assert.deepEqual(seen(), [true, 21]);
  assert.deepEqual(server.changes, ["like=true"]);
});

test("after fast clicks the shown state is the stored one, and requests are sent one at a time", async () => {
  const server = new Server();
  const { markStore, seen } = watched(server);
  for (let click = 1; click <= 41; click++) {
    markStore.set("a", "like", click % 2 === 1);
    assert.deepEqual(seen(), click % 2 === 1 ? [true, 21] : [false, 20]);
    assert(server.waiting.length <= 1);
    if (click % 10 === 0) await server.next();
  }
  while (server.waiting.length > 0) await server.next();
  assert.deepEqual(seen(), [true, 21]);
  assert.deepEqual([server.state.like, server.likes], [true, 21]);
});

test("a refused mark is reverted with one message, and without a message when it was changed meanwhile", async () => {
  const server = new Server();
  const { markStore, failures, seen } = watched(server);
  server.fails = 1;
  markStore.set("a", "like", true);
  await server.next();
  assert.deepEqual([seen(), failures], [[false, 20], ["like=true"]]);
  server.fails = 1;
  markStore.set("a", "like", true);
  markStore.set("a", "like", false);
  await server.next();
  assert.deepEqual([seen(), failures, server.sent.length], [[false, 20], ["like=true"], 2]);
});

test("events during a request do not make the counter jump", async () => {
  const server = new Server();
  const { markStore, seen } = watched(server);
  markStore.set("a", "like", true);
  assert.equal(markStore.receive("a", { state: { ...noMarks, like: true, version: 2 }, counts: null }), false);
  assert.deepEqual(seen(), [true, 21]);
  markStore.receive("a", { state: null, counts: { ...counts, like: 21 } });
  assert.deepEqual(seen(), [true, 21]);
  await server.next();
  assert.deepEqual(seen(), [true, 21]);
});

test("events of other tabs are applied by version, older ones are dropped", () => {
  const { markStore, seen } = watched(new Server());
  assert.equal(markStore.receive("a", { state: { ...noMarks, like: true, version: 3 }, counts: null }), true);
  assert.deepEqual(seen(), [true, 20]);
  assert.equal(markStore.receive("a", { state: { ...noMarks, version: 2 }, counts: null }), false);
  assert.deepEqual(seen(), [true, 20]);
  markStore.receive("a", { state: null, counts: { ...counts, like: 22 } });
  assert.deepEqual(seen(), [true, 22]);
  markStore.seed("a", standing({ version: 2 }), 0);
  assert.deepEqual(seen(), [true, 22]);
});

test("a newer event that came during a request is applied after it", async () => {
  const server = new Server();
  const { markStore } = watched(server);
  markStore.set("a", "like", true);
  markStore.receive("a", { state: { ...noMarks, like: true, favorite: true, version: 9 }, counts: null });
  await server.next();
  assert.equal(markStore.shown.get("a")?.state.favorite, true);
});

test("the average and the chart follow my rating", () => {
  assert.deepEqual(rated(counts, null, 1), { ratings: 3, average: 3 });
  assert.deepEqual(rated(counts, 4, null), { ratings: 1, average: 4 });
  assert.deepEqual(rated({ ...counts, ratings: 1, average: 4 }, 4, null), { ratings: 0, average: null });
  const rating = withMark(standing(), "rating", 4.5);
  assert.deepEqual([rating.state.rating, rating.counts.ratings], [4.5, 3]);
  assert.deepEqual(recounted([0, 0, 0, 0, 0, 0, 0, 2, 0, 0], 4, 5), [0, 0, 0, 0, 0, 0, 0, 1, 0, 1]);
  assert.deepEqual(recounted([1, 0], null, 0.5), [2, 0]);
});

test("the address of a title has its slug and its id, and the id is read from it", () => {
  const id = "01930000-0000-8000-8000-000000000001";
  const title = (kind: Kind) => ({ id, kind, slug: "le-bureau-des-legendes" });
  assert.equal(pathOf(title("film")), `/films/le-bureau-des-legendes-${id}`);
  assert.equal(pathOf(title("series"), 2, 5), `/series/le-bureau-des-legendes-${id}/s2/e5`);
  assert.equal(pathOf({ ...title("film"), slug: "" }), `/films/${id}`);
  assert.equal(idIn(`a-slug-with-0193-in-it-${id.toUpperCase()}`), id);
  assert.equal(idIn("nothing"), "nothing");
  assert.deepEqual([numberIn("s2", "s"), numberIn("e5", "s"), numberIn("s2x", "s"), numberIn(undefined, "s")], [
    2,
    null,
    null,
    null,
  ]);
});

test("a parameter of a route may follow literal text", () => {
  assert.deepEqual(match("/@:name/:tab?", "/@lea.d/films"), { name: "lea.d", tab: "films" });
  assert.deepEqual(match("/@:name/:tab?", "/@lea"), { name: "lea" });
  for (const path of ["/lea", "/@", "/@lea/films/x"]) assert.equal(match("/@:name/:tab?", path), null, path);
});

test("missing fields of a title have defaults, and links that are not https are left out", () => {
  const bare = readTitle({ id: "a", title: "Solaris" });
  assert.deepEqual([bare.name, bare.kind, bare.genres, bare.standing.counts.average], ["Solaris", "film", [], null]);
  assert.equal(readTitle(null).id, "");
  const detail = readDetail({
    id: "a",
    kind: "series",
    title: "Dark",
    genres: [{ id: "1", name: "Drama" }, "mystery"],
    credits: { cast: [{ person: { id: "p", name: "L", slug: "l" }, character: "J" }] },
    external_ids: { imdb: "tt5753856", tmdb: "1" },
    videos: [{ name: "Trailer", url: "javascript:alert(1)" }, { name: "Trailer", url: "https://example.org/v" }],
    seasons: [{ number: 1, episode_count: 10, seen_count: 3 }],
  });
  assert.deepEqual(detail.links.map(({ url }) => url), [
    "https://www.imdb.com/title/tt5753856/",
    "https://example.org/v",
  ]);
  assert.deepEqual(detail.genres.map(({ name }) => name), ["Drama", "mystery"]);
  assert.deepEqual([detail.cast[0]?.part, detail.seasons[0]?.seen], ["J", 3]);
});

test("a series opens at the season in progress, and at specials only without other seasons", () => {
  const season = (number: number, episodes: number, seen: number) => ({ number, name: null, episodes, seen });
  assert.equal(seasonToOpen([season(0, 3, 0), season(1, 9, 9), season(2, 10, 4)]), 2);
  assert.equal(seasonToOpen([season(0, 3, 1), season(1, 9, 9), season(2, 10, 0)]), 2);
  assert.equal(seasonToOpen([season(0, 3, 1), season(1, 9, 9)]), 1);
  assert.equal(seasonToOpen([season(0, 3, 1)]), 0);
  assert.equal(seasonToOpen([]), null);
});

test("next is the first aired episode after the last one seen, by the local date", () => {
  const episode = (number: number, airedOn: string | null, seen = false) => ({
    number,
    airedOn,
    seen,
    name: null,
    overview: null,
    runtime: null,
  });
  const all = [
    episode(1, "2020-01-01", true),
    episode(2, "2020-01-08"),
    episode(3, null, true),
    episode(4, "2020-01-22"),
  ];
  const next = (day: string) => nextEpisode(all, ({ seen }) => seen, day)?.number ?? null;
  assert.deepEqual([next("2020-01-22"), next("2020-01-21")], [4, null]);
  assert.equal(today(new Date(2026, 0, 31, 23, 59)), "2026-01-31");
});

test("ratings are shown out of ten, lengths in hours, and dates without a time zone", () => {
  assert.deepEqual([outOfTen(4.2, "fr"), outOfTen(4.2, "en"), noteOf(4.5, "en")], ["8,4", "8.4", "9"]);
  assert.deepEqual([lengthOf(162, "en"), lengthOf(162, "fr"), lengthOf(60, "en"), lengthOf(45, "fr")], [
    "2h\u00a042m",
    "2\u00a0h\u00a042",
    "1h",
    "45\u00a0min",
  ]);
  assert.equal(dayOf("1979-05-25", "en"), "25 May 1979");
});

test("arrow keys move between cards in rows", () => {
  const box = (left: number, top: number) => ({ left, top, width: 100, height: 150 });
  const grid = [box(0, 0), box(110, 0), box(220, 0), box(0, 200), box(110, 200)];
  const from = (at: number, key: string) => neighbour(grid, at, key);
  assert.deepEqual([from(0, "ArrowRight"), from(0, "ArrowDown"), from(1, "ArrowDown"), from(2, "ArrowDown")], [
    1,
    3,
    4,
    4,
  ]);
  assert.deepEqual([from(4, "ArrowUp"), from(0, "ArrowUp"), from(0, "ArrowLeft"), from(4, "ArrowRight")], [
    1,
    null,
    null,
    null,
  ]);
  assert.deepEqual([from(2, "Home"), from(0, "End"), from(0, "a")], [0, 4, null]);
});
