// What is one's own.
export { OwnSettings } from "../features/settings/pages";
