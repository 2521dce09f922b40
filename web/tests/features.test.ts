import assert from "node:assert/strict";
import { test } from "node:test";
import { features } from "../src/app/features";
import { navigationOf, placeAt } from "../src/app/navigation";
import { findRoute, redirect } from "../src/app/routes";
import { all, auditSentence, registerFeatures } from "../src/contract/feature";
import { en } from "./dictionaries";

registerFeatures(features);

test("each address leads to one page, the part that is written out before the one that is not", () => {
  const pathOf = (path: string) => findRoute(path)?.route.path;
  assert.equal(pathOf("/"), "/");
  assert.equal(pathOf("/panel"), "/panel");
  assert.equal(pathOf("/panel/roles/who"), "/panel/roles/who");
  assert.equal(pathOf("/panel/roles/7/history"), "/panel/roles/:id/:tab?");
  assert.equal(pathOf("/panel/roles"), "/panel/roles");
  assert.deepEqual(findRoute("/panel/members/7/audit")?.params, { id: "7", tab: "audit" });
  for (const path of ["/nowhere", "/panel/nowhere", "/panel/members/1/2/3", "/signin/second/x"]) {
    assert.equal(findRoute(path), null, path);
  }
  const paths = all("routes").map(({ path }) => path);
  assert.equal(new Set(paths).size, paths.length);
});

test("former addresses lead to where the page is now", () => {
  const former = {
    "/home": "/",
    "/members": "/panel/members",
    "/members/7/roles": "/panel/members/7/roles",
    "/roles/new": "/panel/roles/new",
    "/roles/": "/roles",
    "/permissions": "/panel/roles/who",
    "/audit/a%2Fb": "/panel/audit/a%2Fb",
    "/board": "/panel/online",
    "/joining/invitations": "/panel/requests/invitations",
    "/forgot": "/signin/forgot",
  };
  for (const [from, to] of Object.entries(former)) assert.equal(redirect(from), to, from);
  for (const path of ["/", "/panel", "/panel/members/7", "/settings/keys", "/setup"]) {
    assert.equal(redirect(path), null);
  }
});

test("every place has a page, asks for what its page asks for, and stands in a space that exists", () => {
  const spaces = all("spaces").map(({ id }) => id);
  for (const place of all("places")) {
    const found = findRoute(place.path);
    assert(found, place.path);
    assert.deepEqual([found.route.needs ?? [], found.route.space], [place.needs ?? [], place.space], place.id);
    assert(spaces.includes(place.space), place.id);
  }
  for (const kind of ["spaces", "places"] as const) {
    const ids = all(kind).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, kind);
  }
  const letters = all("places").flatMap(({ letter }) => letter ?? []);
  assert.equal(new Set(letters).size, letters.length);
});

test("one sees the spaces and places that one's rights open, and no others", () => {
  const seen = (...held: string[]) => {
    const { spaces, places } = navigationOf(held);
    return [spaces.map(({ id }) => id), places.map(({ id }) => id)];
  };
  assert.deepEqual(seen(), [["home"], ["home", "settings"]]);
  assert.deepEqual(seen("roles.read"), [["home", "panel"], ["home", "roles", "settings"]]);
  assert.deepEqual(seen("*")[0], ["home", "panel"]);
});

test("the place of an address is the closest one above it", () => {
  const { places } = navigationOf(["*"]);
  const at = (path: string) => placeAt(places, path)?.id ?? null;
  assert.deepEqual(["/", "/panel", "/panel/roles/7", "/panel/online", "/nowhere"].map(at), [
    "home",
    "dashboard",
    "roles",
    "board",
    null,
  ]);
});

test("every action that the log can be asked for has a sentence, and it is written", () => {
  for (const feature of features) {
    for (const [action, key] of Object.entries(feature.audit ?? {})) {
      assert.equal(auditSentence(action), key, `${action} has two sentences`);
      assert(key in en, key);
    }
  }
  assert.equal(auditSentence("nothing.at_all"), undefined);
});
