import assert from "node:assert/strict";
import { test } from "node:test";
import { en as chatEn } from "../src/features/conversations/words.en";
import { fr as chatFr } from "../src/features/conversations/words.fr";
import { en as friendsEn } from "../src/features/friends/words.en";
import { fr as friendsFr } from "../src/features/friends/words.fr";
import { en as notificationsEn } from "../src/features/notifications/words.en";
import { fr as notificationsFr } from "../src/features/notifications/words.fr";
import type { Entry } from "../src/lib/i18n";
import { sources } from "./sources";

const forms = (entry: Entry): string[] => (typeof entry === "string" ? [entry] : [entry.one, entry.other]);
const holes = (entry: Entry): string[] => [...new Set(forms(entry).join().match(/\{\w+\}/g))].sort();

const dictionaries: [Record<string, Entry>, Record<string, Entry>][] = [
  [friendsEn, friendsFr],
  [chatEn, chatFr],
  [notificationsEn, notificationsFr],
];

const pairs: [string, Entry, Entry][] = dictionaries.flatMap(([en, fr]) =>
  Object.keys(en).map((key): [string, Entry, Entry] => [key, en[key] ?? "", fr[key] ?? ""])
);

test("features say the same in both languages, with the same places to fill in", () => {
  for (const [en, fr] of dictionaries) assert.deepEqual(Object.keys(fr).sort(), Object.keys(en).sort());
  for (const [key, en, fr] of pairs) {
    assert.deepEqual(holes(fr), holes(en), key);
    assert.equal(typeof fr, typeof en, key);
    for (const form of forms(fr)) {
      assert(!/(?<!\p{L})(tu|toi|ton|tes|ta)(?!\p{L})/iu.test(form), `${key}: ${form}`);
      assert(!/['"“”]/.test(form), `${key}: ${form}`);
    }
    for (const form of [...forms(en), ...forms(fr)]) assert(form.trim() === form && form !== "", key);
  }
});

test("every word of a feature is said somewhere", () => {
  const code = sources(/\.tsx?$/).filter(({ path }) => !/words\.(en|fr)\.ts$/.test(path)).map(({ text }) => text).join(
    "\n",
  );
  const stems = [...code.matchAll(/`([a-zA-Z]+\.(?:[\w-]+\.)*)\$\{/g)].map((found) => found[1] ?? "");
  const unsaid = pairs.map(([key]) => key)
    .filter((key) => !code.includes(`"${key}"`) && !stems.some((stem) => key.startsWith(stem)));
  assert.deepEqual(unsaid, []);
});
