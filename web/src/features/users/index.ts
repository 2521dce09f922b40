// The members: the list, one person's sheet, who may do what.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { withPanelWords, withTeamWords } from "../../lib/teamWords";
import type { User } from "../../lib/resources";
import { covers } from "../../lib/permissions";
import { followPeople, hearOfPeople } from "./people";

declare module "../../contract/feature" {
  interface Slots {
    /** What fills the tabs of a member's sheet. */
    "member.history": { user: User };
    "member.audit": { user: User };
    /** Who banned them, and when. */
    "member.banned": { user: User };
    /** What was done to keep them in order. */
    "member.acts": { user: User };
  }
}

const needs = ["users.read"];

export const users: Feature = {
  name: "users",
  places: [{
    id: "members",
    space: "panel",
    path: "/panel/members",
    label: "nav.members",
    icon: "members",
    section: "nav.section.community",
    needs,
    order: 30,
    letter: "m",
  }],
  routes: [
    {
      path: "/panel/members/:id?/:tab?",
      space: "panel",
      needs,
      page: lazily("panel", () => withPanelWords(import("../../bundles/panel")).then((pages) => pages.MembersPage)),
    },
    {
      path: "/panel/roles/who",
      space: "panel",
      needs: ["roles.read"],
      page: lazily("panel", () => withPanelWords(import("../../bundles/panel")).then((pages) => pages.WhoCanPage)),
    },
  ],
  slots: {
    person: lazily("panel", () => withPanelWords(import("../../bundles/panel")).then((pages) => pages.PersonName)),
  },
  palette: () => withTeamWords(import("../../bundles/palette")).then((found) => found.users),
  audit: {
    "user.password": "say.user.password",
    "user.leave": "say.user.leave",
    "user.return": "say.user.return",
    "user.create": "say.user.create",
    "user.update": "say.user.update",
    "user.delete": "say.user.delete",
    "user.restore": "say.user.restore",
    "user.disable": "say.user.disable",
    "user.enable": "say.user.enable",
    "user.bulk": "say.user.bulk",
    "user.ban": "say.user.ban",
    "user.unban": "say.user.unban",
  },
  events: hearOfPeople,
  whileSignedIn: ({ permissions }) => followPeople(covers(permissions, "users.read")),
};
