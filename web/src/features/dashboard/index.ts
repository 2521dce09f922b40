// What goes on, for those who run the site.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { withPanelWords } from "../../lib/teamWords";

const needs = ["presence.read", "audit.read"];

export const dashboard: Feature = {
  name: "dashboard",
  spaces: [{ id: "panel", label: "nav.panel", icon: "shield", order: 90 }],
  places: [{
    id: "dashboard",
    space: "panel",
    path: "/panel",
    label: "nav.dashboard",
    icon: "dashboard",
    needs,
    order: 10,
    letter: "d",
  }],
  routes: [{
    path: "/panel",
    space: "panel",
    needs,
    page: lazily("dashboard", () => withPanelWords(import("../../bundles/dashboard")).then((pages) => pages.Dashboard)),
  }],
};
