// Imports of members from files, in a bundle of its own.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import type { ImportsWords } from "./words.en";

declare module "../../lib/i18n" {
  interface FeatureWords extends ImportsWords {}
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const pages = () => Promise.all([import("../../bundles/imports"), needWords(words)]).then(([found]) => found);

export const imports: Feature = {
  name: "imports",
  routes: [{
    path: "/panel/members/import/:id?",
    space: "panel",
    needs: ["users.create"],
    page: lazily("imports", () => pages().then(({ ImportPage }) => ImportPage)),
  }],
  audit: { "user.import": "say.user.import", "user.export": "say.user.export" },
  events: {
    "import.updated": (event) => void pages().then(({ hearOfImports }) => hearOfImports(event), () => undefined),
  },
};
