// The team's work: cases, sanctions, the journal.
export { followCases, MemberSanctions, ModerationPages, open } from "../features/moderation/pages";
