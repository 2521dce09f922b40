import assert from "node:assert/strict";
import { test } from "node:test";
import { read, sources } from "./sources";

/** Which feature may use which: few arrows, no circle. `app` may use all; `ui` and `lib` none. */
const arrows: Record<string, readonly string[]> = {
  presence: [],
  accounts: ["presence"],
  roles: ["accounts"],
  users: ["accounts", "presence", "roles"],
  audit: ["accounts", "presence", "roles", "users"],
  friends: ["accounts", "presence"],
  emoji: [],
  files: [],
  notifications: ["accounts", "presence"],
  conversations: ["accounts", "emoji", "files", "friends", "media", "presence", "roles"],
  home: ["accounts", "presence", "roles", "users"],
  board: ["accounts", "presence", "roles", "users"],
  dashboard: ["accounts", "audit", "presence", "roles", "users"],
  keys: ["accounts", "roles"],
  joining: ["accounts", "roles"],
  imports: ["roles"],
  media: ["presence"],
  sanctions: ["presence"],
  analytics: ["accounts"],
  voice: ["accounts", "presence"],
  webhooks: ["accounts"],
  openid: ["accounts"],
  passkeys: ["accounts"],
  moderation: ["accounts", "audit", "presence", "sanctions"],
  profile: ["accounts", "media", "presence", "roles"],
  settings: ["accounts", "keys", "presence", "roles", "users"],
};

const layerOf = (path: string): string => path.split("/")[0] ?? "";
const featureOf = (path: string): string | null => (path.startsWith("features/") ? path.split("/")[1] ?? null : null);

/** "../../lib/store" seen from "features/users/people.ts" → "lib/store". */
function resolve(from: string, to: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of to.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

test("imports go from app to features to what is shared, and between features along the stated arrows", () => {
  const wrong: string[] = [];
  for (const { path, text } of sources(/\.tsx?$/)) {
    for (const [, to] of text.matchAll(/(?:from |import\()"(\.[^"]+)"/g)) {
      const target = resolve(path, to ?? "");
      const [here, there] = [layerOf(path), layerOf(target)];
      const [mine, theirs] = [featureOf(path), featureOf(target)];
      const allowed = here === "app" || here === "styleguide" || here === "worker" ||
        (here === "features" &&
          (there === "ui" || there === "lib" || mine === theirs ||
            (arrows[mine ?? ""] ?? []).includes(theirs ?? ""))) ||
        (here === "features" && there === "contract") ||
        (here === "features" && there === "bundles" && /\/index\.ts$/.test(path)) ||
        (here === "bundles" && there === "features") ||
        (here === "contract" && (there === "contract" || there === "ui" || there === "lib")) ||
        (here === "ui" && (there === "ui" || there === "lib" || there === "styles")) ||
        (here === "lib" && (there === "lib" || there === "words")) ||
        (here === "words" && (there === "words" || there === "lib"));
      if (!allowed) wrong.push(`${path} → ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("colours stand in the token file and nowhere else", () => {
  const raw = /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(/i;
  const wrong = sources(/\.css$/)
    .filter(({ path }) => path !== "styles/tokens.css")
    .flatMap(({ path, text }) =>
      text.split("\n").filter((line) => raw.test(line)).map((line) => `${path}: ${line.trim()}`)
    );
  assert.deepEqual(wrong, []);
  for (const { path, text } of sources(/\.tsx$/)) assert(!/["'`]#[0-9a-f]{6}\b/i.test(text), path);
});

test("type, layers and shadows are named in the token file and used by their names", () => {
  const raw = /font-size:\s*[\d.]+px|font:[^;]*\d+px|z-index:\s*-?\d|box-shadow:[^;]*\b\d+px [1-9]\d*px/;
  const wrong = sources(/\.css$/)
    .filter(({ path }) => path !== "styles/tokens.css")
    .flatMap(({ path, text }) =>
      text.split("\n").filter((line) => raw.test(line)).map((line) => `${path}: ${line.trim()}`)
    );
  assert.deepEqual(wrong, []);
  const known = new Set([...read("src/styles/tokens.css").matchAll(/(--[\w-]+):/g)].map(([, name]) => name));
  const local = /--(behind|share|at|columns|hue|paint|anchor)\b/;
  const unknown = sources(/\.css$/).flatMap(({ path, text }) =>
    [...text.matchAll(/var\((--[\w-]+)\)/g)].flatMap(([, name = ""]) =>
      known.has(name) || local.test(name) || text.includes(`${name}:`) ? [] : [`${path}: ${name}`]
    )
  );
  assert.deepEqual(unknown, []);
});

test("the page has no inline script and no inline style", () => {
  const page = read("index.html");
  assert(!/<script(?![^>]*\bsrc=)/.test(page) && !/<style|\sstyle=|\son\w+=/.test(page));
});

test("every list says that it is one, since WebKit does not take it from an element without markers", () => {
  const silent = sources(/\.tsx$/)
    .flatMap(({ path, text }) =>
      [...text.matchAll(/<[uo]l\b(?![^>]*\brole=)[^>]*>/g)].map(([tag]) => `${path}: ${tag}`)
    );
  assert.deepEqual(silent, []);
});

function tokens(theme: string): Record<string, string> {
  const css = read("src/styles/tokens.css");
  const block = (selector: string) => css.slice(css.indexOf(`${selector} {`)).split("}")[0] ?? "";
  const pairs = [...`${block(":root")}${block(`[data-theme="${theme}"]`)}`.matchAll(/--([\w-]+):\s*([^;]+);/g)];
  return Object.fromEntries(pairs.map(([, name, value]) => [name ?? "", (value ?? "").trim()]));
}

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

test("text stands out 4.5 to 1 from everything it may stand on, marks 3 to 1, in both themes", () => {
  const grounds = ["bg", "deep", "panel", "raised", "hover", "accent-soft"];
  const pairs: [string, string, number][] = [
    ...["text", "muted"].flatMap((name) => grounds.map((ground): [string, string, number] => [name, ground, 4.5])),
    ...["faint", "accent"].flatMap((name) =>
      ["bg", "panel", "raised"].map((ground): [string, string, number] => [name, ground, 4.5])
    ),
    ...["bad-soft", "warn-soft", "ok-soft"].map((ground): [string, string, number] => ["text", ground, 4.5]),
    ["dnd", "bad-soft", 4.5],
    ["dnd", "panel", 4.5],
    ["idle", "warn-soft", 4.5],
    ["ok", "ok-soft", 4.5],
    ["on-accent", "accent-bg", 4.5],
    ["on-accent", "accent-bg-hover", 4.5],
    ["on-accent", "bad-bg", 4.5],
    ["on-accent", "bad-bg-hover", 4.5],
    ...["ok", "idle", "dnd", "off", "line-strong"].flatMap((name) =>
      ["bg", "panel", "deep", "hover"].map((ground): [string, string, number] => [name, ground, 3])
    ),
    ...["c1", "c2", "c3", "c4", "c5", "c6"].flatMap((name) =>
      ["bg", "panel"].map((ground): [string, string, number] => [name, ground, 3])
    ),
    ...["like", "high"].flatMap((name) =>
      ["bg", "panel"].map((ground): [string, string, number] => [name, ground, 4.5])
    ),
    ["text", "find", 4.5],
    ["on-veil", "veil", 4.5],
    ["on-veil-2", "veil", 4.5],
    ...Array.from({ length: 8 }, (_, index): [string, string, number] => ["on-face", `face-${index + 1}`, 4.5]),
  ];
  const weak: string[] = [];
  for (const theme of ["dark", "light"]) {
    const of = tokens(theme);
    for (const [name, ground, least] of pairs) {
      const ratio = contrast(of[name] ?? "", of[ground] ?? "");
      if (!(ratio >= least)) weak.push(`${theme}: ${name} on ${ground} is ${ratio.toFixed(2)}, not ${least}`);
    }
  }
  assert.deepEqual(weak, []);
});
