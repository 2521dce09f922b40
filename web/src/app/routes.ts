// Which page an address shows: one table of the features' routes, and where the addresses of former versions lead.
import { all, type Route } from "../contract/feature";
import type { Params } from "../contract/page";
import { match } from "../lib/router";

export interface Found {
  route: Route;
  params: Params;
}

/** Parts that are written out go before those that take anything. */
const weight = (path: string): string =>
  path.split("/").filter(Boolean).map((part) => (part.startsWith(":") ? "1" : "0")).join("");

const inOrder = (one: Route, other: Route): number => (weight(one.path) < weight(other.path) ? -1 : 1);

export function findRoute(path: string, routes: readonly Route[] = all("routes")): Found | null {
  for (const route of [...routes].sort(inOrder)) {
    const params = match(route.path, path);
    if (params) return { route, params };
  }
  return null;
}

const moved: readonly [from: string, to: (params: Params) => string][] = [
  ["/home", () => "/"],
  ["/members/:id?/:tab?", ({ id, tab }) => join("/panel/members", id, tab)],
  ["/roles/:id?/:tab?", ({ id, tab }) => join("/panel/roles", id, tab)],
  ["/permissions", () => "/panel/roles/who"],
  ["/audit/:id?", ({ id }) => join("/panel/audit", id)],
  ["/board", () => "/panel/online"],
  ["/joining/:tab?", ({ tab }) => join("/panel/requests", tab)],
  ["/forgot", () => "/signin/forgot"],
];

function join(base: string, ...parts: (string | undefined)[]): string {
  return [base, ...parts.filter((part) => part !== undefined).map((part) => encodeURIComponent(part ?? ""))].join("/");
}

/** Where a former address leads now; null for one that stands. */
export function redirect(path: string): string | null {
  if (path.length > 1 && path.endsWith("/")) return path.replace(/\/+$/, "") || "/";
  for (const [from, to] of moved) {
    const params = match(from, path);
    if (params) return to(params);
  }
  return null;
}
