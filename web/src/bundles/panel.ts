// The pages of those who run the site, fetched as one; the dashboard comes before them.
export { LogPage, MemberActs, MemberAudit, MemberBanned, MemberHistory } from "../features/audit/pages";
export { BoardPage } from "../features/board/pages";
export { RequestsPage } from "../features/joining/pages";
export { RolesPage } from "../features/roles/pages";
export { MembersPage, PersonName, WhoCanPage } from "../features/users/pages";
