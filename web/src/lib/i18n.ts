// The words of one language at a time, fetched when it is chosen. i18next would cost 16 KB compressed and lose the check at compile
// time that a key exists.
import type { en as editor } from "../words/editor.en";
import type { en } from "../words/en";
import type { en as panel } from "../words/panel.en";
import type { en as settings } from "../words/settings.en";
import type { en as team } from "../words/team.en";
import { keptLanguage, remember } from "./memory";
import { prefixed } from "./prefix";
import { createStore, useStore } from "./store";

export type Language = "fr" | "en";
export type Entry = string | { one: string; other: string };
/** Features with words of their own add their keys here by merging. */
// deno-lint-ignore no-empty-interface
export interface FeatureWords {}
type Fetched = typeof team & typeof panel & typeof editor & typeof settings;
export type Key = keyof typeof en | keyof Fetched | keyof FeatureWords;
export type Values = Record<string, string | number>;
export type Words = (key: Key, values?: Values) => string;
type Dictionary = Readonly<Record<string, Entry>>;
/** Where the words of each language are fetched from. */
export type Source = Record<Language, () => Promise<Dictionary>>;

const dictionaries: Record<Language, Dictionary> = { en: {}, fr: {} };
const fetched = new Map<Source, Partial<Record<Language, Promise<void>>>>();
const sources: Source[] = [{
  en: () => import("../words/en").then((words) => words.en),
  fr: () => import("../words/fr").then((words) => words.fr),
}];

/** Adds the words of features; called before a language is fetched. */
export const addFeatureWords = (more: readonly Source[]): void => void sources.push(...more);

/** Takes words in. */
export function learnWords(of: Language, words: Dictionary): void {
  dictionaries[of] = { ...dictionaries[of], ...words };
}

function fetchWords(source: Source, of: Language): Promise<void> {
  const known = fetched.get(source) ?? {};
  fetched.set(source, known);
  return known[of] ??= source[of]().then(
    (words) => learnWords(of, words),
    (error: unknown) => {
      delete known[of];
      throw error;
    },
  );
}

/** Fetches the words of a language, once; they are there when it resolves. */
export const loadLanguage = (of: Language): Promise<void> =>
  Promise.all(sources.map((source) => fetchWords(source, of))).then(() => undefined);

/**
 * The words of pages that are fetched when they are wanted: with those pages in the language in force, and from then on with every language
 * that is chosen. The first load has none of them.
 */
export function needWords(source: Source): Promise<void> {
  if (!sources.includes(source)) sources.push(source);
  return fetchWords(source, language.get());
}

export const isLanguage = (text: string | null): text is Language => text === "fr" || text === "en";

function preferred(): Language {
  if (prefixed) return prefixed;
  const kept = keptLanguage();
  if (isLanguage(kept)) return kept;
  const wanted = typeof navigator === "undefined" ? [] : navigator.languages ?? [navigator.language];
  return wanted.find((tag) => /^(fr|en)\b/i.test(tag))?.slice(0, 2).toLowerCase() === "fr" ? "fr" : "en";
}

export const language = createStore<Language>(preferred());

/** Changes the language once its words are here; without them it stays. - Parameter isKept: it was chosen for this device. */
export function setLanguage(next: Language, isKept = true): void {
  loadLanguage(next).then(() => {
    if (isKept) remember("language", next);
    language.set(next);
  }, () => undefined);
}

/** For the server and for Intl: French as in France, English with 24-hour dates as in Britain. */
export const locale = (of: Language = language.get()): string => (of === "fr" ? "fr-FR" : "en-GB");

/** French puts a no-break space before « : ; ! ? » and inside its quotation marks. */
export const typeset = (text: string, of: Language): string =>
  of === "fr" ? text.replace(/ ([:;!?»%])/g, "\u00a0$1").replace(/« /g, "«\u00a0") : text;

export function phrase(of: Language, key: Key, values: Values = {}): string {
  const entry = dictionaries[of][key] ?? key;
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
