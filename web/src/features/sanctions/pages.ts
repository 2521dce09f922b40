import "./sanctions.css";

export { Banned } from "./Banned";
export { SanctionNotice } from "./Notice";
export { OwnSanctions } from "./OwnSanctions";
export { ReportDialog } from "./ReportDialog";
export { followOwnSanctions } from "./sanctions";
