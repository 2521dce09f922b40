// Who is online now.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { withPanelWords } from "../../lib/teamWords";

const needs = ["presence.read"];

export const board: Feature = {
  name: "board",
  places: [{
    id: "board",
    space: "panel",
    path: "/panel/online",
    label: "nav.board",
    icon: "pulse",
    needs,
    order: 20,
    letter: "b",
  }],
  routes: [{
    path: "/panel/online",
    space: "panel",
    needs,
    page: lazily("panel", () => withPanelWords(import("../../bundles/panel")).then((pages) => pages.BoardPage)),
  }],
};
