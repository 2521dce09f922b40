import assert from "node:assert/strict";
import { test } from "node:test";
import { type Entry, type Key, learnWords, phrase, typeset } from "../src/lib/i18n";
import { roleTitle } from "../src/lib/roleTitle";
import { en, files, fr } from "./dictionaries";
import { sources } from "./sources";

const dictionaries = { en, fr } as Record<"en" | "fr", Record<Key, Entry>>;
learnWords("en", en);
learnWords("fr", fr);
const keys = (of: "fr" | "en") => Object.keys(dictionaries[of]).sort();
const forms = (entry: Entry): string[] => (typeof entry === "string" ? [entry] : [entry.one, entry.other]);
const holes = (entry: Entry): string[] => [...new Set(forms(entry).join().match(/\{\w+\}/g))].sort();

test("every dictionary is tested", () => {
  const found = sources(/\.ts$/).flatMap(({ path }) =>
    /^(words\/(?:\w+\.)?|features\/\w+\/words\.)en\.ts$/.exec(path)?.[1] ?? []
  );
  assert.deepEqual(found.sort(), [...files].sort());
});

test("both languages say the same keys", () => {
  assert.deepEqual(keys("fr"), keys("en"));
});

test("a sentence has the same places to fill in both languages, and none is empty", () => {
  for (const key of keys("en") as Key[]) {
    assert.deepEqual(holes(dictionaries.fr[key]), holes(dictionaries.en[key]), key);
    for (const language of ["fr", "en"] as const) {
      for (const form of forms(dictionaries[language][key])) {
        assert(form.trim() === form && form !== "", `${language} ${key}`);
      }
    }
    assert.equal(typeof dictionaries.fr[key], typeof dictionaries.en[key], key);
  }
});

test("every key that the code writes out exists, and every key is said somewhere", () => {
  const code = sources(/\.tsx?$/).filter((source) => !/(^|\/)words[./]/.test(source.path)).map((source) => source.text)
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

/** What readers stumbled over, and what a developer would not expect a product to print. */
const unclear = {
  en: [
    /who is here/i,
    /when I say so/i,
    /of your own/i,
    /rank or above/i,
    /builds? on/i,
    /whole famil/i,
    /act (up)?on/i,
    /do it to/i,
    /take off|taken off|took .* off/i,
    /^until when/i,
    /nothing was ever/i,
    /signed in nowhere/i,
    /yourself only/i,
    /this way/i,
    /who may join/i,
    /riddle/i,
    /where to, who/i,
    /mending/i,
    /(will|whatever comes) .*stand here/i,
    /which version is kept/i,
    /I have kept/i,
    /^program$/i,
    /what was done/i,
    /nobody waits/i,
    /let go of/i,
    /put away/i,
    /without an end/i,
    /no move yet/i,
    /gone back to/i,
    /says nothing/i,
    /take back|taken back/i,
    /first (one|two) .*as it goes/i,
    /leads? nowhere/i,
    /has answered/i,
    /one press/i,
    /on your word/i,
  ],
  fr: [
    /qui est là/i,
    /quand je le dirai/i,
    /à vous$/i,
    /s’appuie/i,
    /sans avis/i,
    /familles? enti/i,
    /agir sur eux/i,
    /ne rien choisir/i,
    /jusqu’à quand .* porté/i,
    /rien n’a jamais/i,
    /ne voyez que vous/i,
    /par ici/i,
    /qui peut venir/i,
    /casse-tête/i,
    /^où, qui/i,
    /figureront ici/i,
    /je l(’|es )ai gardé/i,
    /^programme$/i,
    /personne n’attend/i,
    /ce qui a été fait/i,
    /aucun mouvement/i,
    /sans fin$/i,
    /ne dit plus rien/i,
    /^ranger/i,
  ],
} as const;

test("no text of the interface uses a wording that was found unclear", () => {
  const found: string[] = [];
  for (const language of ["en", "fr"] as const) {
    for (const key of keys(language) as Key[]) {
      for (const form of forms(dictionaries[language][key])) {
        if (unclear[language].some((each) => each.test(form))) found.push(`${language} ${key}: ${form}`);
      }
    }
  }
  assert.deepEqual(found, []);
});

test("to cancel and to undo are two words in French, too", () => {
  assert.equal(dictionaries.fr["common.cancel"], "Annuler");
  assert.equal(dictionaries.fr["common.undo"], "Rétablir");
});

test("the system roles have a name in both languages", () => {
  for (const [name, en, fr] of [["owner", "Owner", "Propriétaire"], ["mod", "Moderator", "Modérateur"]] as const) {
    assert.equal(roleTitle(name, (key) => phrase("en", key)), en);
    assert.equal(roleTitle(name, (key) => phrase("fr", key)), fr);
  }
  assert.equal(roleTitle("guides", (key) => phrase("fr", key)), "guides");
});
