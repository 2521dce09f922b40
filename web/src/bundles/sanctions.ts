// What the team imposes on oneself, and reports.
export { Banned, followOwnSanctions, OwnSanctions, ReportDialog, SanctionNotice } from "../features/sanctions/pages";
