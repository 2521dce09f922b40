// Notifications: the bell, the page, the preferences.
import type { Feature } from "../../contract/feature";
import { bundleOf, here, lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import { Bell } from "./Bell";
import { BellLink } from "./BellLink";
import { setUnread } from "./unread";
import type { NotificationWords } from "./words.en";

declare module "../../lib/i18n" {
  interface FeatureWords extends NotificationWords {}
}

declare module "../../contract/feature" {
  interface Slots {
    /** The latest, below the bell. */
    "notices.recent": { onClose: () => void };
    /** The preferences, in the settings. */
    "settings.notifications": Record<never, never>;
    /** In the header of top-level pages on phones. */
    "head.narrow": Record<never, never>;
  }
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const bundle = bundleOf(() =>
  Promise.all([import("../../bundles/notifications"), needWords(words)]).then(([found]) => found)
);
const pages = bundle.fetch;

export const notifications: Feature = {
  name: "notifications",
  module: "notifications",
  routes: [{
    path: "/notifications",
    space: "home",
    narrow: "page",
    page: lazily("notifications", () => pages().then(({ NotificationsPage }) => NotificationsPage)),
  }],
  rail: here(Bell),
  slots: {
    "head.narrow": here(BellLink),
    "notices.recent": lazily("notifications", () => pages().then(({ Recent }) => Recent)),
    "settings.notifications": lazily(
      "notifications",
      () => pages().then(({ NotificationSettings }) => NotificationSettings),
    ),
  },
  whileSignedIn: () => bundle.follow(({ followNotifications }) => followNotifications(), () => setUnread(0)),
};
