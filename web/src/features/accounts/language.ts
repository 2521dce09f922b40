// The language of the app: kept on this device for its screens, and in the account for the mails.
import { patch } from "../../lib/api";
import { type Language, setLanguage } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { sayProblem } from "../../ui/Toasts";

/** Changes the language here at once, and in the account. */
export function chooseLanguage(next: Language): void {
  setLanguage(next);
  patch("/users/me", { locale: next }).catch((error: unknown) =>
    sayProblem(asProblem(error), () => chooseLanguage(next))
  );
}
