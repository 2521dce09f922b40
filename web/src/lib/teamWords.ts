import { needWords, type Source } from "./i18n";

const words: Source = {
  en: () => import("../words/team.en").then((found) => found.en),
  fr: () => import("../words/team.fr").then((found) => found.fr),
};

/** A bundle of the panel, the settings or the palette, with the words that these share. */
export const withTeamWords = <Pages>(bundle: Promise<Pages>): Promise<Pages> =>
  Promise.all([bundle, needWords(words)]).then(([pages]) => pages);
