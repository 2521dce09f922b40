// Friends: the list with live status, requests, blocks.
import type { Feature } from "../../contract/feature";
import { bundleOf, lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import type { FriendsWords } from "./words.en";
import { setWaiting, useWaiting, waiting } from "./waiting";

declare module "../../lib/i18n" {
  interface FeatureWords extends FriendsWords {}
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const bundle = bundleOf(() =>
  Promise.all([import("../../bundles/friends"), needWords(words)]).then(([found]) => found)
);
const pages = bundle.fetch;

export const friends: Feature = {
  name: "friends",
  module: "friends",
  places: [{
    id: "messages",
    space: "home",
    path: "/direct",
    label: "nav.friends",
    icon: "friends",
    order: 20,
    letter: "f",
    useCount: useWaiting,
    exact: true,
    tab: { label: "nav.messages", icon: "message" },
  }],
  routes: [{
    path: "/direct",
    space: "home",
    narrow: (query) => (query.has("tab") ? "page" : "places"),
    page: lazily("friends", () => pages().then(({ FriendsPage }) => FriendsPage)),
  }],
  slots: {
    "profile.message": lazily("friends", () => pages().then(({ WriteButton }) => WriteButton)),
    "profile.friend": lazily("friends", () => pages().then(({ FriendButton }) => FriendButton)),
  },
  badges: {
    home: waiting,
    messages: waiting,
  },
  whileSignedIn: () => bundle.follow(({ followFriends }) => followFriends(), () => setWaiting(0)),
};
