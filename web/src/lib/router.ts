// The URL is the state: a location store over the history API.
import "./prefix";
import { createStore, useStore } from "./store";

export interface Place {
  path: string;
  search: string;
  /** Grows with each entry of this tab's history; where scroll positions are kept. */
  key: number;
  /** How we came: a new place, another address for the same place, or back and forward. */
  by: "push" | "replace" | "pop";
}

const here = (by: Place["by"]): Place => ({
  path: location.pathname,
  search: location.search,
  key: (history.state as { key?: number } | null)?.key ?? 0,
  by,
});

export const place = createStore<Place>(
  typeof location === "undefined" ? { path: "/", search: "", key: 0, by: "replace" } : here("replace"),
);

/** Asked before another path is gone to; `false` stays. */
export type Guard = () => boolean | Promise<boolean>;
let guard: Guard = () => true;

export function setGuard(ask: Guard): void {
  guard = ask;
}

/** The entries of the history that are gone to by ourselves, and need no question. */
let ownMoves = 0;

export function startRouter(): void {
  history.scrollRestoration = "manual";
  addEventListener("popstate", () => void moved());
}

/** Back and forward: the browser has gone already. Where something is not saved it is taken back until the person has answered. */
async function moved(): Promise<void> {
  const from = place.get();
  const next = here("pop");
  if (ownMoves > 0) {
    ownMoves--;
    // Back where one was, while the question is open.
    if (next.path !== from.path || next.search !== from.search) place.set(next);
    return;
  }
  const answer = next.path === from.path ? true : guard();
  if (answer === true) return place.set(next);
  const step = next.key - from.key;
  if (step !== 0) {
    ownMoves++;
    history.go(-step);
  }
  if (!await answer) return;
  if (step === 0) return place.set(next);
  ownMoves++;
  history.go(step);
}

interface Going {
  replace?: boolean;
  /** Without the question about what is not saved. */
  force?: boolean;
}

export function navigate(to: string, options: Going = {}): void {
  const next = new URL(to, location.href);
  const answer = options.force || next.pathname === location.pathname ? true : guard();
  if (answer === true) return go(next, options);
  if (answer !== false) void answer.then((leaves) => leaves && go(next, options));
}

function go(next: URL, { replace = false }: Going): void {
  const address = next.pathname + next.search + next.hash;
  if (replace || address === location.pathname + location.search + location.hash) {
    history.replaceState({ key: place.get().key }, "", address);
    place.set(here("replace"));
    return;
  }
  history.pushState({ key: place.get().key + 1 }, "", address);
  place.set(here("push"));
}

export const usePlace = (): Place => useStore(place);

/**
 * `match("/members/:id/:tab?", "/members/7")` → `{ id: "7" }`; null when the path is another. A part may begin with what is written out:
 * `/@:name`.
 */
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split("/").filter(Boolean);
  const have = path.split("/").filter(Boolean);
  if (have.length > want.length) return null;
  const found: Record<string, string> = {};
  for (const [index, part] of want.entries()) {
    const value = have[index];
    const [before = "", name] = part.split(":");
    if (name === undefined) {
      if (part !== value) return null;
    } else if (value !== undefined) {
      if (!value.startsWith(before) || value.length === before.length) return null;
      found[name.replace("?", "")] = decode(value.slice(before.length));
    } else if (!part.endsWith("?")) return null;
  }
  return found;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The query as a plain record, and a setter that keeps the rest and drops what is empty. */
export function useQueryState(): [Record<string, string>, (change: Record<string, string | null>) => void] {
  const { search } = usePlace();
  return [Object.fromEntries(new URLSearchParams(search)), changeQuery];
}

/** Of the place where one is by now: a search that settles late does not take one back to where it was typed. */
function changeQuery(change: Record<string, string | null>): void {
  const { path, search } = place.get();
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  const tail = next.toString();
  navigate(path + (tail ? `?${tail}` : ""), { replace: true });
}
