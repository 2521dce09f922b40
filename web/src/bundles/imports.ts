// Members from files.
export { hearOfImports, ImportPage } from "../features/imports/pages";
