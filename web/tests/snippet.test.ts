// The site snippet on a page that is none: what it sends, and when it sends nothing.
import assert from "node:assert/strict";
import { test } from "node:test";

interface Report {
  page: string;
  events: { n: number; type: string; path: string; age: number; name?: string; message?: string; referrer?: string }[];
}

const sent: Report[] = [];
const listeners: Record<string, (event: object) => void> = {};
const place = { pathname: "/film", search: "?utm_source=letter&token=secret" };
const page = {
  currentScript: { src: "https://foyer.example/snippet.js" },
  referrer: "https://search.example/?q=secret",
  visibilityState: "visible",
  prerendering: true,
  addEventListener: (type: string, take: (event: object) => void) => listeners[type] = take,
};
const state: { foyer?: { consent: (yes: boolean) => void; track: (name: string, data?: object) => void } } = {};

function define(values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

define({
  window: state,
  document: page,
  location: place,
  history: { pushState: (_: unknown, __: string, path: string) => place.pathname = path },
  navigator: {
    sendBeacon: (address: string, body: string) => {
      assert.equal(address, "https://foyer.example/api/v1/analytics/collect");
      sent.push(JSON.parse(body));
      return true;
    },
  },
  addEventListener: (type: string, take: (event: object) => void) => listeners[type] = take,
  PerformanceObserver: class {
    observe() {
      throw new Error("this browser does not measure");
    }
  },
});

const hide = () => {
  page.visibilityState = "hidden";
  listeners["visibilitychange"]?.({});
  page.visibilityState = "visible";
};
const types = () => sent.flatMap(({ events }) => events.map(({ type }) => type));

test("the snippet sends nothing before consent, what happens after it, and nothing once it is withdrawn", async () => {
  await import("../src/snippet/main");
  const { foyer } = state;
  if (!foyer) throw new Error("the snippet did not start");
  foyer.track("early");
  assert.deepEqual(Object.keys(listeners), []);

  // Rendered in advance: nobody has seen it.
  foyer.consent(true);
  foyer.track("early");
  assert.deepEqual(Object.keys(listeners), ["prerenderingchange"]);
  page.prerendering = false;
  listeners["prerenderingchange"]?.({});

  history.pushState(null, "", "/cart");
  history.pushState(null, "", "/cart");
  listeners["pageshow"]?.({ persisted: false });
  listeners["pageshow"]?.({ persisted: true });
  for (let count = 0; count < 9; count++) listeners["error"]?.({ message: "boom", filename: "/a.js?v=1", lineno: 3 });
  foyer.track("bought", { price: 12 });
  hide();
  assert.deepEqual(types(), ["view", "view", "view", "error", "error", "error", "error", "error", "event"]);
  const [first] = sent;
  assert.equal(/^[0-9a-z]{12}$/.test(first?.page ?? ""), true);
  assert.deepEqual(first?.events.map(({ n }) => n), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(first?.events.slice(0, 2).map(({ path, referrer }) => [path, referrer]), [
    ["/film?utm_source=letter", "search.example"],
    ["/cart?utm_source=letter", undefined],
  ]);
  assert.equal(first?.events.every(({ age }) => age >= 0 && Number.isInteger(age)), true);
  assert.equal(!JSON.stringify(sent).includes("secret"), true);

  // Batches have fifty events at most.
  for (let count = 0; count < 60; count++) foyer.track("more");
  hide();
  assert.deepEqual(sent.slice(1).map(({ events }) => events.length), [50, 10]);

  // Withdrawn: what waits goes, too. Given again, the page has another name.
  foyer.track("waiting");
  foyer.consent(false);
  foyer.track("late");
  history.pushState(null, "", "/other");
  hide();
  assert.equal(sent.length, 3);
  foyer.consent(true);
  hide();
  assert.equal(sent.length, 4);
  assert.equal(sent[3]?.page === first?.page, false);
  assert.deepEqual(sent[3]?.events.map(({ type, path }) => [type, path]), [["view", "/other?utm_source=letter"]]);
});
