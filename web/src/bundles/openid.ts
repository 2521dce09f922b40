// Sign-in with providers: the buttons, the page between, one's connected accounts.
export { ConnectedAccounts, OpenIDPage, ProviderButtons } from "../features/openid/pages";
