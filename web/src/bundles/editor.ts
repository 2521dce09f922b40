// The editor of one role: larger than the pages around it, and opened by few.
export { RolePage } from "../features/roles/editorPage";
