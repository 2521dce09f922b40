// My sanctions, and the dialog to report; fetched after the first page.
import type { Feature } from "../../contract/feature";
import { bundleOf, lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import type { Problem } from "../../lib/problem";
import type { ReportProps } from "./ReportDialog";
import type { SanctionWords } from "./words.en";

declare module "../../lib/i18n" {
  interface FeatureWords extends SanctionWords {}
}

declare module "../../contract/feature" {
  interface Slots {
    /** The dialog that reports a message or a person. */
    report: ReportProps;
    /** The tab of my sanctions in the settings. */
    "settings.sanctions": object;
    /** Below the sign-in that refused a banned person. */
    "signIn.banned": { refusal: Problem };
  }
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const bundle = bundleOf(() =>
  Promise.all([import("../../bundles/sanctions"), needWords(words)]).then(([found]) => found)
);
const pages = bundle.fetch;

export const sanctions: Feature = {
  name: "sanctions",
  module: "moderation",
  slots: {
    report: lazily("sanctions", () => pages().then(({ ReportDialog }) => ReportDialog)),
    "signIn.banned": lazily("sanctions", () => pages().then(({ Banned }) => Banned)),
    "settings.sanctions": lazily("sanctions", () => pages().then(({ OwnSanctions }) => OwnSanctions)),
  },
  notice: lazily("sanctions", () => pages().then(({ SanctionNotice }) => SanctionNotice)),
  whileSignedIn: () => bundle.follow(({ followOwnSanctions }) => followOwnSanctions()),
};
