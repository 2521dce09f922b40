import "./providers.css";
export { ProvidersPage } from "./ProvidersPage";
