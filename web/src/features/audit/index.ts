// The audit log, and what it says of a member.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { withPanelWords } from "../../lib/teamWords";

const needs = ["audit.read"];
const pages = () => withPanelWords(import("../../bundles/panel"));

export const audit: Feature = {
  name: "audit",
  places: [{
    id: "audit",
    space: "panel",
    path: "/panel/audit",
    label: "nav.audit",
    icon: "audit",
    section: "nav.section.system",
    needs,
    order: 60,
    letter: "a",
  }],
  routes: [{
    path: "/panel/audit/:id?",
    space: "panel",
    needs,
    page: lazily("panel", () => pages().then(({ LogPage }) => LogPage)),
  }],
  audit: { "audit.export": "say.audit.export" },
  slots: {
    "member.history": lazily("panel", () => pages().then(({ MemberHistory }) => MemberHistory)),
    "member.audit": lazily("panel", () => pages().then(({ MemberAudit }) => MemberAudit)),
    "member.banned": lazily("panel", () => pages().then(({ MemberBanned }) => MemberBanned)),
    "member.acts": lazily("panel", () => pages().then(({ MemberActs }) => MemberActs)),
  },
};
