import "./imports.css";

export { hearOfImports } from "./imports";
export { ImportPage } from "./ImportPage";
