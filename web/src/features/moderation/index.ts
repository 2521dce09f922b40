// The team's work: the queue of reports, sanctions, the journal. In a bundle of its own.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import { withTeamWords } from "../../lib/teamWords";
import { covers } from "../../lib/permissions";
import type { User } from "../../lib/resources";
import { createStore, useStore } from "../../lib/store";
import { sanctions } from "../sanctions/index";
import type { ModerationWords } from "./words.en";

declare module "../../lib/i18n" {
  interface FeatureWords extends ModerationWords {}
}

declare module "../../contract/feature" {
  interface Slots {
    /** What was imposed on a member, and what can be. */
    /** `onSettled`: what stands below may be shown. */
    "member.sanctions": { user: User; outranks: boolean; onSettled: () => void };
  }
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const pages = () =>
  Promise.all([withTeamWords(import("../../bundles/moderation")), needWords(words), sanctions.slots?.report?.fetch()])
    .then(([found]) => found);

const needs = ["moderation.reports"];

/** How many cases wait. */
const waiting = createStore(0);

function useWaitingCases(): number | null {
  const count = useStore(waiting);
  return count > 0 ? count : null;
}

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
  },
  whileSignedIn: ({ permissions }) => {
    if (!covers(permissions, "moderation.reports")) return () => undefined;
    const leaves: (() => void)[] = [];
    let isOver = false;
    void pages().then(({ followCases, open }) => {
      if (isOver) return;
      leaves.push(open.subscribe(() => waiting.set(open.get())), followCases());
    }, () => undefined);
    return () => {
      isOver = true;
      leaves.forEach((leave) => leave());
      waiting.set(0);
    };
  },
};
