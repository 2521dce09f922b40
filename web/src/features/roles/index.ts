// Roles: their rank, what they allow, what they were.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { withEditorWords, withPanelWords, withTeamWords } from "../../lib/teamWords";
import { covers } from "../../lib/permissions";
import { followRoles } from "./roles";

declare module "../../contract/feature" {
  interface Slots {
    /** A person by their id, with the way to them. */
    person: { id: string };
  }
}

const needs = ["roles.read", "roles.manage"];

export const roles: Feature = {
  name: "roles",
  places: [{
    id: "roles",
    space: "panel",
    path: "/panel/roles",
    label: "nav.roles",
    icon: "roles",
    section: "nav.section.community",
    needs,
    order: 40,
    letter: "r",
  }],
  routes: [
    {
      path: "/panel/roles",
      space: "panel",
      needs,
      page: lazily("panel", () => withPanelWords(import("../../bundles/panel")).then((pages) => pages.RolesPage)),
    },
    {
      path: "/panel/roles/:id/:tab?",
      space: "panel",
      needs,
      page: lazily("editor", () => withEditorWords(import("../../bundles/editor")).then((pages) => pages.RolePage)),
    },
  ],
  palette: () => withTeamWords(import("../../bundles/palette")).then((found) => found.roles),
  audit: {
    "role.create": "say.role.create",
    "role.update": "say.role.update",
    "role.delete": "say.role.delete",
    "role.restore": "say.role.restore",
    "role.rollback": "say.role.rollback",
    "role.reorder": "say.role.reorder",
    "role.assign": "say.role.assign",
    "role.revoke": "say.role.revoke",
    "override.set": "say.override.set",
    "override.clear": "say.override.clear",
  },
  whileSignedIn: ({ permissions }) => followRoles(covers(permissions, "roles.read")),
};
