// Live statistics, and the alerts on them.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import type { AnalyticsWords } from "./words.en";

declare module "../../lib/i18n" {
  interface FeatureWords extends AnalyticsWords {}
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const pages = () => Promise.all([import("../../bundles/analytics"), needWords(words)]).then(([found]) => found);
const needs = ["analytics.read"];

export const analytics: Feature = {
  name: "analytics",
  module: "analytics",
  places: [
    {
      id: "analytics",
      space: "panel",
      path: "/panel/analytics",
      label: "nav.analytics",
      icon: "chart",
      needs,
      order: 12,
    },
    {
      id: "alerts",
      space: "panel",
      path: "/panel/alerts",
      label: "nav.alerts",
      icon: "warning",
      needs,
      order: 14,
    },
    {
      id: "visits",
      space: "panel",
      path: "/panel/visits",
      label: "nav.visits",
      icon: "globe",
      needs,
      order: 13,
    },
  ],
  routes: [
    {
      path: "/panel/analytics",
      space: "panel",
      needs,
      page: lazily("analytics", () => pages().then(({ AnalyticsPage }) => AnalyticsPage)),
    },
    {
      path: "/panel/alerts/:id?",
      space: "panel",
      needs,
      page: lazily("analytics", () => pages().then(({ AlertsRoute }) => AlertsRoute)),
    },
    {
      path: "/panel/visits",
      space: "panel",
      needs,
      page: lazily("analytics", () => pages().then(({ VisitsPage }) => VisitsPage)),
    },
  ],
  audit: {
    "alert.create": "say.alert.create",
    "alert.update": "say.alert.update",
    "alert.delete": "say.alert.delete",
    "alert.silence": "say.alert.silence",
  },
};
