// Webhooks: events of the site for other systems. In a bundle of its own.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import type { WebhookWords } from "./words.en";

declare module "../../lib/i18n" {
  interface FeatureWords extends WebhookWords {}
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const needs = ["webhooks.manage"];

export const webhooks: Feature = {
  name: "webhooks",
  module: "webhooks",
  places: [{
    id: "webhooks",
    space: "panel",
    path: "/panel/webhooks",
    label: "nav.webhooks",
    icon: "external",
    section: "nav.section.system",
    needs,
    order: 95,
  }],
  routes: [{
    path: "/panel/webhooks/:id?",
    space: "panel",
    needs,
    page: lazily(
      "webhooks",
      () => Promise.all([import("../../bundles/webhooks"), needWords(words)]).then(([found]) => found.WebhookPages),
    ),
  }],
  audit: {
    "webhook.create": "say.webhook.create",
    "webhook.update": "say.webhook.update",
    "webhook.delete": "say.webhook.delete",
    "webhook.rotate": "say.webhook.rotate",
    "webhook.resume": "say.webhook.resume",
  },
};
