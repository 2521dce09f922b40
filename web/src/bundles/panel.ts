// The pages of those who run the site, fetched as one.
export { LogPage, MemberActs, MemberAudit, MemberBanned, MemberHistory } from "../features/audit/pages";
export { BoardPage } from "../features/board/pages";
export { Dashboard } from "../features/dashboard/pages";
export { RequestsPage } from "../features/joining/pages";
export { RolesPage } from "../features/roles/pages";
export { MembersPage, PersonName, WhoCanPage } from "../features/users/pages";
