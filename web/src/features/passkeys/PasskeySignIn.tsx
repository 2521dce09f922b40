import { useEffect, useRef, useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { asRaw, type Raw } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { FormProblem } from "../../ui/States";
import { signInWithPasskey } from "../accounts/session";
import { explained, hasPasskeys, offersThem, prove } from "./webauthn";

const question = async (): Promise<Raw> => asRaw(await post("/auth/passkey/options", {}));

/** A question is good for five minutes: one that waits at the field is asked anew before. */
const patience = 240_000;

/** Signs in without a password: by the button, or by what the browser offers at the name's field. */
export function PasskeySignIn() {
  const t = useWords();
  const [isThere, setThere] = useState(hasPasskeys);
  const [round, setRound] = useState(0);
  const waiting = useRef<AbortController | null>(null);
  const { busy, problem, submit } = useSubmit(null, async () => {
    // A browser answers one question at a time.
    waiting.current?.abort();
    try {
      await signInWithPasskey(await prove(await question()));
    } catch (error) {
      setRound((count) => count + 1);
      throw explained(error, t);
    }
  });
  useEffect(() => {
    if (!isThere) return undefined;
    const end = new AbortController();
    waiting.current = end;
    const timer = window.setTimeout(() => setRound((count) => count + 1), patience);
    offersThem().then(async (offers) => {
      if (!offers || end.signal.aborted) return;
      await signInWithPasskey(await prove(await question(), end.signal));
    }).catch((error: unknown) => {
      if (asProblem(error).code === "passkeys_unavailable") setThere(false);
    });
    return () => {
      window.clearTimeout(timer);
      end.abort();
    };
  }, [isThere, round]);
  if (!isThere) return null;
  return (
    <div className="gate-passkey">
      <Button icon="lock" className="wide" busy={busy} onClick={() => submit()}>{t("passkeys.signIn")}</Button>
      <FormProblem problem={problem} />
    </div>
  );
}
