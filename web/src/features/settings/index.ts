// What is one's own: the account, how the app looks here, sessions, keys.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { withSettingsWords } from "../../lib/teamWords";

declare module "../../contract/feature" {
  interface Slots {
    /** More of how others see me, below the name and the words about me. */
    "settings.profile": Record<never, never>;
    /** Accounts elsewhere with which one signs in, below the password and the address. */
    "settings.connected": Record<never, never>;
  }
}

export const settings: Feature = {
  name: "settings",
  places: [{
    id: "settings",
    space: "home",
    path: "/settings",
    label: "nav.settings",
    icon: "settings",
    order: 90,
    letter: "s",
  }],
  routes: [{
    path: "/settings/:tab?",
    space: "home",
    page: lazily(
      "settings",
      () => withSettingsWords(import("../../bundles/settings")).then((pages) => pages.OwnSettings),
    ),
  }],
};
