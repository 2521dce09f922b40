// Two dictionaries and sixty lines. i18next would cost 16 KB compressed and lose the check at compile time that a key exists.
import { en } from "../words/en";
import { fr } from "../words/fr";
import { recall, remember } from "./memory";
import { createStore, useStore } from "./store";

export type Language = "fr" | "en";
export type Entry = string | { one: string; other: string };
export type Key = keyof typeof en;
export type Values = Record<string, string | number>;
export type Words = (key: Key, values?: Values) => string;

export const dictionaries: Record<Language, Record<Key, Entry>> = { en, fr };

function preferred(): Language {
  const kept = recall("language");
  if (kept === "fr" || kept === "en") return kept;
  const wanted = typeof navigator === "undefined" ? [] : navigator.languages ?? [navigator.language];
  return wanted.find((tag) => /^(fr|en)\b/i.test(tag))?.slice(0, 2).toLowerCase() === "fr" ? "fr" : "en";
}

export const language = createStore<Language>(preferred());

export function setLanguage(next: Language): void {
  remember("language", next);
  language.set(next);
}

/** For the server and for Intl: French as in France, English with 24-hour dates as in Britain. */
export const locale = (of: Language = language.get()): string => (of === "fr" ? "fr-FR" : "en-GB");

/** French puts a no-break space before « : ; ! ? » and inside its quotation marks. */
export const typeset = (text: string, of: Language): string =>
  of === "fr" ? text.replace(/ ([:;!?»%])/g, "\u00a0$1").replace(/« /g, "«\u00a0") : text;

export function phrase(of: Language, key: Key, values: Values = {}): string {
  const entry = dictionaries[of][key];
  const count = typeof values["count"] === "number" ? values["count"] : 0;
  const form = typeof entry === "string"
    ? entry
    : new Intl.PluralRules(of).select(count) === "one"
    ? entry.one
    : entry.other;
  return typeset(form, of).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? formatNumber(value, of) : value;
  });
}

export const formatNumber = (value: number, of: Language = language.get()): string => numbers[of].format(value);

const numbers = { fr: new Intl.NumberFormat("fr-FR"), en: new Intl.NumberFormat("en-GB") };
const inWords: Record<Language, Words> = {
  fr: (key, values) => phrase("fr", key, values),
  en: (key, values) => phrase("en", key, values),
};

/** The words of the language in force, outside components. */
export const t: Words = (key, values) => phrase(language.get(), key, values);

/** The words in a component, which renders again when the language changes. */
export const useWords = (): Words => inWords[useStore(language)];
export const useLanguage = (): Language => useStore(language);
