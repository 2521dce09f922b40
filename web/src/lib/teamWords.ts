import { needWords, type Source } from "./i18n";

const team: Source = {
  en: () => import("../words/team.en").then((found) => found.en),
  fr: () => import("../words/team.fr").then((found) => found.fr),
};
const panel: Source = {
  en: () => import("../words/panel.en").then((found) => found.en),
  fr: () => import("../words/panel.fr").then((found) => found.fr),
};
const editor: Source = {
  en: () => import("../words/editor.en").then((found) => found.en),
  fr: () => import("../words/editor.fr").then((found) => found.fr),
};
const settings: Source = {
  en: () => import("../words/settings.en").then((found) => found.en),
  fr: () => import("../words/settings.fr").then((found) => found.fr),
};

const withWords = <Pages>(bundle: Promise<Pages>, own?: Source): Promise<Pages> =>
  Promise.all([bundle, needWords(team), own && needWords(own)]).then(([pages]) => pages);

/** A bundle with the words that the panel, moderation, the settings and the palette share. */
export const withTeamWords = <Pages>(bundle: Promise<Pages>): Promise<Pages> => withWords(bundle);
/** The bundle of the panel, with the shared words and its own. */
export const withPanelWords = <Pages>(bundle: Promise<Pages>): Promise<Pages> => withWords(bundle, panel);
/** The bundle of the editor of a role, with the shared words and its own. */
export const withEditorWords = <Pages>(bundle: Promise<Pages>): Promise<Pages> => withWords(bundle, editor);
/** The bundle of the settings, with the shared words and its own. */
export const withSettingsWords = <Pages>(bundle: Promise<Pages>): Promise<Pages> => withWords(bundle, settings);
