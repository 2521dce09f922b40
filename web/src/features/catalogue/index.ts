// Where titles come from: TMDB by the owner's key, and files. For the team, in a bundle of its own.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import type { en } from "./words.en";

type Own = typeof en;

declare module "../../lib/i18n" {
  interface FeatureWords extends Own {}
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const needs = ["media.manage"];

export const catalogue: Feature = {
  name: "catalogue",
  module: "media",
  places: [{
    id: "catalogue",
    space: "panel",
    path: "/panel/catalogue",
    label: "nav.catalogue",
    icon: "film",
    section: "nav.section.community",
    needs,
    order: 60,
  }],
  routes: [{
    path: "/panel/catalogue/:tab?/:id?",
    space: "panel",
    needs,
    page: lazily("catalogue", () =>
      Promise.all([import("../../bundles/catalogue"), needWords(words)])
        .then(([{ CataloguePage }]) => CataloguePage)),
  }],
};
