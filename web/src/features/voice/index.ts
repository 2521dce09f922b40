// Calls between two people: the button, the ringing, the bar that stays whatever page is open.
import { createElement } from "react";
import type { Feature } from "../../contract/feature";
import { bundleOf, lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import { covers } from "../../lib/permissions";
import { Dock } from "./Dock";
import type { VoiceWords } from "./words.en";

declare module "../../lib/i18n" {
  interface FeatureWords extends VoiceWords {}
}

declare module "../../contract/feature" {
  interface Slots {
    /** The button that calls somebody. */
    "call.start": { user: string; called: string };
  }
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const bundle = bundleOf(() => Promise.all([import("../../bundles/voice"), needWords(words)]).then(([found]) => found));
const parts = bundle.fetch;
const bar = lazily<object>("voice", () => parts().then(({ DockedBar }) => DockedBar));

export const voice: Feature = {
  name: "voice",
  module: "voice",
  slots: { "call.start": lazily("voice", () => parts().then(({ CallButton }) => CallButton)) },
  notice: lazily<object>("voice", () => parts().then(({ CallNotice }) => CallNotice)),
  dock: () => createElement(Dock, { bar }),
  whileSignedIn: ({ id, permissions }) =>
    covers(permissions, "voice.join") ? bundle.follow(({ followCalls }) => followCalls(id)) : () => undefined,
};
