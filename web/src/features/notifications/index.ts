// Notifications: the bell, the page, the preferences.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import { setUnread } from "./unread";
import type { NotificationWords } from "./words.en";

declare module "../../lib/i18n" {
  interface FeatureWords extends NotificationWords {}
}

declare module "../../contract/feature" {
  interface Slots {
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

const pages = () => Promise.all([import("../../bundles/notifications"), needWords(words)]).then(([found]) => found);

export const notifications: Feature = {
  name: "notifications",
  module: "notifications",
  routes: [{
    path: "/notifications",
    space: "home",
    narrow: "page",
    page: lazily("notifications", () => pages().then(({ NotificationsPage }) => NotificationsPage)),
  }],
  rail: lazily("notifications", () => pages().then(({ Bell }) => Bell)),
  slots: {
    "head.narrow": lazily("notifications", () => pages().then(({ BellLink }) => BellLink)),
    "settings.notifications": lazily(
      "notifications",
      () => pages().then(({ NotificationSettings }) => NotificationSettings),
    ),
  },
  whileSignedIn: () => {
    let leave: (() => void) | null = null;
    let isOver = false;
    void pages().then(({ followNotifications }) => {
      if (!isOver) leave = followNotifications();
    }, () => undefined);
    return () => {
      isOver = true;
      leave?.();
      setUnread(0);
    };
  },
};
