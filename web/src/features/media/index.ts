// Films and series: the catalogue, marks, and progress in series.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { withTeamWords } from "../../lib/teamWords";
import { needWords, type Source } from "../../lib/i18n";
import type { en } from "./words.en";

type Own = typeof en;

declare module "../../lib/i18n" {
  interface FeatureWords extends Own {}
}

declare module "../../contract/feature" {
  interface Slots {
    /** Cards of the titles with these ids. */
    "titles.cards": { ids: readonly string[] };
  }
}

/** Fetched with the pages that need them, and no part of the first load. */
export const filmWords: Source = {
  en: () => import("./words.en").then((words) => words.en),
  fr: () => import("./words.fr").then((words) => words.fr),
};

const bundle = async () => {
  const [pages] = await Promise.all([import("../../bundles/films"), needWords(filmWords)]);
  return pages;
};

const own = lazily("films", () => bundle().then((pages) => pages.OwnTitles));
const title = lazily("films", () => bundle().then((pages) => pages.TitlePage));
const space = "films";
const mine = "nav.section.mine";

export const media: Feature = {
  name: "media",
  module: "media",
  spaces: [{ id: space, label: "nav.films", icon: "film", order: 30 }],
  places: [
    { id: "films", space, path: "/films", label: "nav.discover", icon: "home", order: 10, letter: "v" },
    { id: "browse", space, path: "/films/browse", label: "nav.browse", icon: "grid", order: 20 },
    {
      id: "watchlist",
      space,
      path: "/films/mine/watchlist",
      label: "nav.watchlist",
      icon: "bookmark",
      section: mine,
      order: 30,
      letter: "w",
    },
    {
      id: "favorites",
      space,
      path: "/films/mine/favorites",
      label: "nav.favorites",
      icon: "star",
      section: mine,
      order: 40,
    },
    { id: "likes", space, path: "/films/mine/likes", label: "nav.likes", icon: "heart", section: mine, order: 50 },
    { id: "ratings", space, path: "/films/mine/ratings", label: "nav.ratings", icon: "bars", section: mine, order: 60 },
  ],
  routes: [
    { path: "/films", space, page: lazily("films", () => bundle().then((pages) => pages.FilmsHome)) },
    { path: "/films/browse", space, page: lazily("films", () => bundle().then((pages) => pages.BrowsePage)) },
    { path: "/films/mine/:list", space, page: own },
    { path: "/films/:title", space, page: title },
    { path: "/series/:title/:season?/:episode?", space, page: title },
    { path: "/people/:person", space, page: lazily("films", () => bundle().then((pages) => pages.PersonPage)) },
  ],
  slots: { "titles.cards": lazily("films", () => bundle().then((pages) => pages.LinkedTitles)) },
  palette: () =>
    Promise.all([withTeamWords(import("../../bundles/palette")), needWords(filmWords)]).then(([found]) => found.media),
};
