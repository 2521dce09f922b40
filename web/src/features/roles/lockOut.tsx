// Some acts would leave nobody but the owner to manage roles: the server asks back, we ask the person, in words.
import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { createStore, useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

interface Question {
  detail: string;
  answer: (goOn: boolean) => void;
}

const question = createStore<Question | null>(null);

/**
 * Sends; when the server says that everybody would be locked out, asks, and sends again with the person's word.
 * False when they would rather not.
 */
export async function askingLockOut(send: (confirmed: boolean) => Promise<void>): Promise<boolean> {
  try {
    await send(false);
  } catch (error) {
    const problem = asProblem(error);
    if (problem.code !== "would_lock_out") throw error;
    const goOn = await new Promise<boolean>((answer) => question.set({ detail: problem.detail, answer }));
    question.set(null);
    if (!goOn) return false;
    await send(true);
  }
  return true;
}

/** Where the question is asked: once on every page that may cause it. */
export function LockOutQuestion() {
  const t = useWords();
  const asked = useStore(question);
  const [busy, setBusy] = useState(false);
  if (!asked) return null;
  const answer = (goOn: boolean) => {
    setBusy(goOn);
    asked.answer(goOn);
    setBusy(false);
  };
  return (
    <Dialog
      title={t("role.lockOut.title")}
      width="small"
      onClose={() => answer(false)}
      actions={
        <>
          <Button onClick={() => answer(false)}>{t("common.cancel")}</Button>
          <Button look="danger" busy={busy} onClick={() => answer(true)}>{t("role.lockOut.goOn")}</Button>
        </>
      }
    >
      <p>{t("role.lockOut.text")}</p>
    </Dialog>
  );
}
