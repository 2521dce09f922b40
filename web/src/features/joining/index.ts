// Who may join: requests, invitations, the site's policy.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { withPanelWords } from "../../lib/teamWords";

const needs = ["registrations.review", "invitations.manage", "settings.read"];

export const joining: Feature = {
  name: "joining",
  places: [{
    id: "joining",
    space: "panel",
    path: "/panel/requests",
    label: "nav.joining",
    icon: "plus",
    section: "nav.section.community",
    needs,
    order: 50,
    letter: "j",
  }],
  routes: [{
    path: "/panel/requests/:tab?",
    space: "panel",
    needs,
    page: lazily("panel", () => withPanelWords(import("../../bundles/panel")).then((pages) => pages.RequestsPage)),
  }],
  audit: {
    "registration.approve": "say.registration.approve",
    "registration.refuse": "say.registration.refuse",
    "invitation.create": "say.invitation.create",
    "invitation.revoke": "say.invitation.revoke",
    "settings.update": "say.settings.update",
  },
};
