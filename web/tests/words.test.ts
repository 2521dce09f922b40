import assert from "node:assert/strict";
import { test } from "node:test";
import { dictionaries, type Entry, type Key, phrase, typeset } from "../src/lib/i18n";
import { sources } from "./sources";

const keys = (of: "fr" | "en") => Object.keys(dictionaries[of]).sort();
const forms = (entry: Entry): string[] => (typeof entry === "string" ? [entry] : [entry.one, entry.other]);
const holes = (entry: Entry): string[] => [...new Set(forms(entry).join().match(/\{\w+\}/g))].sort();

test("both languages say the same keys", () => {
  assert.deepEqual(keys("fr"), keys("en"));
});

test("a sentence has the same places to fill in both languages, and none is empty", () => {
  for (const key of keys("en") as Key[]) {
    assert.deepEqual(holes(dictionaries.fr[key]), holes(dictionaries.en[key]), key);
    for (const  of of["fr", "en"] as const) {
      for (const form of forms(dictionaries[of][key])) assert(form.trim() === form && form !== "", `${of} ${key}`);
    }
    assert.equal(typeof dictionaries.fr[key], typeof dictionaries.en[key], key);
  }
});

test("every key that the code writes out exists, and every key is said somewhere", () => {
  const code = sources(/\.tsx?$/).filter((source) => !source.path.startsWith("words/")).map((source) => source.text)
    .join("\n");
  const quoted = new Set([...code.matchAll(/"([a-zA-Z]+(?:\.[\w-]+)+)"/g)].map((found) => found[1]));
  const stems = [...code.matchAll(/`([a-zA-Z]+\.(?:[\w-]+\.)*)\$\{/g)].map((found) => found[1] ?? "");
  const unsaid = keys("en").filter((key) =>
    !quoted.has(key) && !stems.some((stem) => key.startsWith(stem)) && !code.includes(`"${key}"`)
  );
  assert.deepEqual(unsaid, []);
});

test("French speaks to « vous », with its own quotation marks and apostrophes", () => {
  for (const key of keys("fr") as Key[]) {
    for (const form of forms(dictionaries.fr[key])) {
      assert(!/(?<!\p{L})(tu|toi|ton|tes|ta)(?!\p{L})/iu.test(form), `${key}: ${form}`);
      assert(!/['"“”]/.test(form), `${key}: ${form}`);
    }
  }
});

test("French puts no-break spaces before its high marks", () => {
  assert.equal(typeset("Quoi ? « Ici » : oui !", "fr"), "Quoi\u00a0? «\u00a0Ici\u00a0»\u00a0: oui\u00a0!");
  assert.equal(typeset("What? “Here”", "en"), "What? “Here”");
});

test("numbers take their plural and their digits from the language", () => {
  assert.equal(phrase("en", "users.count", { count: 0 }), "0 members");
  assert.equal(phrase("fr", "users.count", { count: 0 }), "0 membre");
  assert.equal(phrase("en", "users.count", { count: 1 }), "1 member");
  assert.equal(phrase("en", "users.count", { count: 12_345 }), "12,345 members");
  assert.equal(phrase("fr", "users.count", { count: 12_345 }), "12\u202f345 membres");
  assert.equal(phrase("en", "users.created", {}), "{user} is now a member");
});
