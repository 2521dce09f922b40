export { PasskeyCode } from "./PasskeyCode";
export { PasskeySignIn } from "./PasskeySignIn";
export { Passkeys } from "./Passkeys";
