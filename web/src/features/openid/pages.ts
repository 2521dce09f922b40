import "./openid.css";
export { ConnectedAccounts } from "./ConnectedAccounts";
export { OpenIDPage } from "./OpenIDPage";
export { ProviderButtons } from "./ProviderButtons";
