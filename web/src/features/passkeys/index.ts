// Passkeys: made and listed in the settings, used on the sign-in page. In a bundle of its own.
import type { Feature } from "../../contract/feature";
import { lazily } from "../../contract/page";
import { needWords } from "../../lib/i18n";
import type { PasskeyWords } from "./words.en";

declare module "../../lib/i18n" {
  interface FeatureWords extends PasskeyWords {}
}

declare module "../../contract/feature" {
  interface Slots {
    "security.passkeys": Record<never, never>;
    /** In the place of a password: below the form, and in what the browser offers at the name’s field. */
    "signIn.passkey": Record<never, never>;
    /** In the place of a code: `offer` is what the server asks with, `send` sends what the browser gives. */
    "signIn.passkeyFactor": { offer: unknown; send: (credential: unknown) => Promise<void> };
  }
}

const words = {
  en: () => import("./words.en").then((found) => found.en),
  fr: () => import("./words.fr").then((found) => found.fr),
};

const parts = () => Promise.all([import("../../bundles/passkeys"), needWords(words)]).then(([found]) => found);

export const passkeys: Feature = {
  name: "passkeys",
  slots: {
    "security.passkeys": lazily("passkeys", () => parts().then(({ Passkeys }) => Passkeys)),
    "signIn.passkey": lazily("passkeys", () => parts().then(({ PasskeySignIn }) => PasskeySignIn)),
    "signIn.passkeyFactor": lazily("passkeys", () => parts().then(({ PasskeyCode }) => PasskeyCode)),
  },
  audit: {
    "passkey.add": "say.passkey.add",
    "passkey.rename": "say.passkey.rename",
    "passkey.remove": "say.passkey.remove",
    "passkey.counter": "say.passkey.counter",
  },
};
