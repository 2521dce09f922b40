// The panel's page of the providers.
export { ProvidersPage } from "../features/openid/panel";
