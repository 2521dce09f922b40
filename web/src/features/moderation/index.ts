// The team's work: cases, sanctions, the journal. In a bundle of its own.
import type { Feature } from "../../contract/feature";
import { bundleOf, lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import { withTeamWords } from "../../lib/teamWords";
import { covers } from "../../lib/permissions";
import type { User } from "../../lib/resources";
import { sanctions } from "../sanctions/index";
import { useWaitingCases } from "./waiting";
import type { ModerationWords } from "./words.en";

declare module "../../lib/i18n" {
  interface FeatureWords extends ModerationWords {}
}

declare module "../../contract/feature" {
  interface Slots {
    /** The sanctions of a member. `onSettled`: their height is known, content below them may be shown. */
    "member.sanctions": { user: User; outranks: boolean; onSettled: () => void };
  }
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const bundle = bundleOf(() =>
  Promise.all([withTeamWords(import("../../bundles/moderation")), needWords(words), sanctions.slots?.report?.fetch()])
    .then(([found]) => found)
);
const pages = bundle.fetch;

const needs = ["moderation.reports"];

export const moderation: Feature = {
  name: "moderation",
  module: "moderation",
  places: [{
    id: "moderation",
    space: "panel",
    path: "/panel/moderation",
    label: "nav.moderation",
    icon: "shield",
    section: "nav.section.community",
    needs,
    order: 25,
    useCount: useWaitingCases,
  }],
  routes: [{
    path: "/panel/moderation/:tab?/:id?",
    space: "panel",
    needs,
    page: lazily("moderation", () => pages().then(({ ModerationPages }) => ModerationPages)),
  }],
  slots: { "member.sanctions": lazily("moderation", () => pages().then(({ MemberSanctions }) => MemberSanctions)) },
  audit: {
    "sanction.create": "say.sanction.create",
    "sanction.end": "say.sanction.end",
    "sanction.update": "say.sanction.update",
    "case.take": "say.case.take",
    "case.release": "say.case.release",
    "case.decide": "say.case.decide",
    "case.merge": "say.case.merge",
    "case.split": "say.case.split",
    "appeal.create": "say.appeal.create",
    "appeal.decide": "say.appeal.decide",
    "escalation.update": "say.escalation.update",
    "filter.update": "say.filter.update",
    "filter.delete": "say.filter.delete",
    "lockdown.start": "say.lockdown.start",
    "lockdown.end": "say.lockdown.end",
    "raid.start": "say.raid.start",
    "raid.end": "say.raid.end",
    "raid.rule": "say.raid.rule",
    "message.purge": "say.message.purge",
    "message.unpurge": "say.message.unpurge",
  },
  whileSignedIn: ({ permissions }) =>
    covers(permissions, "moderation.reports") ? bundle.follow(({ followCases }) => followCases()) : () => undefined,
};
