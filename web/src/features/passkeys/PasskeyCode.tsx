import { useWords } from "../../lib/i18n";
import { asRaw } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { FormProblem } from "../../ui/States";
import { explained, hasPasskeys, prove } from "./webauthn";

/** A passkey in the place of the code that a sign-in asks for. */
export function PasskeyCode({ offer, send }: { offer: unknown; send: (credential: unknown) => Promise<void> }) {
  const t = useWords();
  const { busy, problem, submit } = useSubmit(offer, async () => {
    try {
      await send(await prove(asRaw(offer)));
    } catch (error) {
      throw explained(error, t);
    }
  });
  if (!hasPasskeys()) return null;
  return (
    <div className="gate-passkey">
      <Button icon="lock" className="wide" busy={busy} onClick={() => submit()}>{t("passkeys.useInstead")}</Button>
      <FormProblem problem={problem} />
    </div>
  );
}
