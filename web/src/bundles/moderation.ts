// The team's work: cases, sanctions, the journal.
export { followCases, MemberSanctions, ModerationPages } from "../features/moderation/pages";
