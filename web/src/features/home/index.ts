// The home page.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";

export const home: Feature = {
  name: "home",
  spaces: [{ id: "home", label: "nav.home", icon: "home", order: 10 }],
  places: [{ id: "home", space: "home", path: "/", label: "nav.home", icon: "home", order: 10, letter: "h" }],
  routes: [{
    path: "/",
    space: "home",
    page: lazily("home", () => import("../../bundles/home").then((pages) => pages.Home)),
  }],
};
