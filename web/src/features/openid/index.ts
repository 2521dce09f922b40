// Sign-in with OpenID providers. What members see is one bundle, the panel's page another.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import type { OpenIDWords } from "./words.en";

declare module "../../lib/i18n" {
  interface FeatureWords extends OpenIDWords {}
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const pages = () => Promise.all([import("../../bundles/openid"), needWords(words)]).then(([found]) => found);
const needs = ["identity.manage"];

export const openid: Feature = {
  name: "openid",
  places: [{
    id: "providers",
    space: "panel",
    path: "/panel/providers",
    label: "nav.providers",
    icon: "shield",
    section: "nav.section.system",
    needs,
    order: 96,
  }],
  routes: [
    {
      path: "/openid",
      space: null,
      when: "always",
      page: lazily("openid", () => pages().then(({ OpenIDPage }) => OpenIDPage)),
    },
    {
      path: "/panel/providers",
      space: "panel",
      needs,
      page: lazily(
        "providers",
        () => Promise.all([import("../../bundles/providers"), needWords(words)]).then(([found]) => found.ProvidersPage),
      ),
    },
  ],
  slots: {
    "signIn.providers": lazily("openid", () => pages().then(({ ProviderButtons }) => ProviderButtons)),
    "settings.connected": lazily("openid", () => pages().then(({ ConnectedAccounts }) => ConnectedAccounts)),
  },
  audit: {
    "identity_provider.create": "say.identity_provider.create",
    "identity_provider.update": "say.identity_provider.update",
    "identity_provider.delete": "say.identity_provider.delete",
    "identity.link": "say.identity.link",
    "identity.unlink": "say.identity.unlink",
    "identity.roles_left_out": "say.identity.roles_left_out",
    "auth.backchannel_logout": "say.auth.backchannel_logout",
  },
};
