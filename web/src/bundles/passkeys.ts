// Passkeys: their list in the settings, and signing in with one.
export { PasskeyCode, Passkeys, PasskeySignIn } from "../features/passkeys/pages";
