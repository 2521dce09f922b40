// The language of the app: kept on this device for its screens, and in the account for the mails and for other devices.
import { patch } from "../../lib/api";
import { isLanguage, type Language, setLanguage } from "../../lib/i18n";
import { recall, remember } from "../../lib/memory";
import { prefixed } from "../../lib/prefix";
import { asProblem } from "../../lib/problem";
import { sayProblem } from "../../ui/Toasts";

/** Changes the language here at once, and in the account. */
export function chooseLanguage(next: Language): void {
  setLanguage(next);
  patch("/users/me", { locale: next }).catch((error: unknown) =>
    sayProblem(asProblem(error), () => chooseLanguage(next))
  );
}

/** What this device knows: the language that was chosen on it, and that of the account when it was read last, as `id:language`. */
interface Known {
  here: string | null;
  account: string | null;
}

/**
 * The language that an account brings to a device: on one where none was chosen, the one that its person chose; later, when they changed it
 * on another device. Null for the one that is in force.
 */
export function broughtBy(id: string, locale: Language, isChosen: boolean, { here, account }: Known): Language | null {
  if (!isChosen || account === `${id}:${locale}`) return null;
  const isChange = account?.startsWith(`${id}:`) ?? false;
  return isChange || here === null ? locale : null;
}

/** Takes the language of the account that was just read, where it goes before the one of this device. */
export function adoptLanguage(id: string, locale: string | null, isChosen: boolean): void {
  if (!isLanguage(locale)) return;
  const known = { here: recall("language"), account: recall("language.account") };
  if (isChosen) remember("language.account", `${id}:${locale}`);
  const brought = broughtBy(id, locale, isChosen, known);
  // An address that says its language is read in it. A choice that was made here stays one.
  if (brought && !prefixed) setLanguage(brought, known.here !== null);
}
