// Conversations: direct, groups, channels; messages, unread counts and the outbox.
import { bundleOf, lazily } from "../../contract/page";
import type { Feature } from "../../contract/feature";
import { needWords } from "../../lib/i18n";
import { direct, inChannels, setBadges } from "./badges";
import type { ChatWords } from "./words.en";

declare module "../../lib/i18n" {
  interface FeatureWords extends ChatWords {}
}

declare module "../../contract/feature" {
  interface Slots {
    /** Asks in which conversation a text is to be sent. */
    share: { text: string; onClose: () => void };
  }
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const bundle = bundleOf(() =>
  Promise.all([import("../../bundles/conversations"), needWords(words)]).then(([found]) => found)
);
const pages = bundle.fetch;

export const conversations: Feature = {
  name: "conversations",
  module: "conversations",
  spaces: [{ id: "channels", label: "nav.channels", icon: "hash", order: 20 }],
  places: [{
    id: "channels",
    space: "channels",
    path: "/channels",
    label: "nav.channels",
    icon: "hash",
    order: 10,
    letter: "c",
    unlisted: true,
    needs: ["chat.read"],
  }],
  routes: [
    {
      path: "/direct/:id",
      space: "home",
      narrow: "alone",
      page: lazily("conversations", () => pages().then(({ DirectPage }) => DirectPage)),
    },
    {
      path: "/channels",
      space: "channels",
      narrow: (query) => (query.has("arrange") ? "page" : "places"),
      needs: ["chat.read"],
      page: lazily("conversations", () => pages().then(({ ChannelsPage }) => ChannelsPage)),
    },
    {
      path: "/channels/:name/rights",
      space: "channels",
      narrow: "page",
      page: lazily("conversations", () => pages().then(({ RightsPage }) => RightsPage)),
    },
    {
      path: "/channels/:name",
      space: "channels",
      narrow: "alone",
      page: lazily("conversations", () => pages().then(({ ChannelPage }) => ChannelPage)),
    },
  ],
  slots: { share: lazily("conversations", () => pages().then(({ ShareDialog }) => ShareDialog)) },
  lists: {
    home: lazily("conversations", () => pages().then(({ DirectList }) => DirectList)),
    channels: lazily("conversations", () => pages().then(({ ChannelList }) => ChannelList)),
  },
  palette: () => pages().then(({ palette }) => palette),
  badges: { home: direct, messages: direct, channels: inChannels },
  whileSignedIn: ({ id }) =>
    bundle.follow(
      ({ followConversations }) => followConversations(id),
      () => setBadges({ direct: { count: 0, mentions: false }, channels: { count: 0, mentions: true } }),
    ),
};
