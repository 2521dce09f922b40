// Members' profiles: marked titles, friends, history.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { needWords, type Source } from "../../lib/i18n";
import type { User } from "../../lib/resources";
import { filmWords } from "../media/index";
import type { FriendState } from "./profile";
import type { en } from "./words.en";

type Own = typeof en;

declare module "../../lib/i18n" {
  interface FeatureWords extends Own {}
}

declare module "../../contract/feature" {
  interface Slots {
    /** Writes to the person whose profile is open. */
    "profile.message": { user: User };
    /** The state of the friendship, with its actions: ask, answer, cancel, end. */
    "profile.friend": { user: User; state: FriendState };
  }
}

const words: Source = {
  en: () => import("./words.en").then((own) => own.en),
  fr: () => import("./words.fr").then((own) => own.fr),
};

const bundle = async () => {
  const [pages] = await Promise.all([import("../../bundles/profile"), needWords(words), needWords(filmWords)]);
  return pages;
};

export const profile: Feature = {
  name: "profile",
  module: "media",
  routes: [{
    path: "/@:name/:tab?",
    space: "home",
    page: lazily("profile", () => bundle().then((pages) => pages.ProfilePage)),
  }],
  slots: { "settings.profile": lazily("profile", () => bundle().then((pages) => pages.BannerSettings)) },
};
