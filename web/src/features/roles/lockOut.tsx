// Some acts would leave nobody but the owner to manage roles: the server asks back, we ask the person, in words.
import { useEffect } from "react";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { createStore, useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

const question = createStore<{ answer: (goOn: boolean) => void } | null>(null);

/**
 * Sends; when the server says that everybody would be locked out, asks, and sends again with the person's word.
 * False when they would rather not.
 */
export async function askingLockOut(send: (confirmed: boolean) => Promise<void>): Promise<boolean> {
  try {
    await send(false);
  } catch (error) {
    if (asProblem(error).code !== "would_lock_out") throw error;
    const goOn = await new Promise<boolean>((answer) => question.set({ answer }));
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
  // Who leaves the page has not said yes.
  useEffect(() => () => question.get()?.answer(false), []);
  if (!asked) return null;
  const { answer } = asked;
  return (
    <Dialog
      title={t("role.lockOut.title")}
      width="small"
      onClose={() => answer(false)}
      actions={
        <>
          <Button onClick={() => answer(false)}>{t("common.cancel")}</Button>
          <Button look="danger" onClick={() => answer(true)}>{t("role.lockOut.goOn")}</Button>
        </>
      }
    >
      <p>{t("role.lockOut.text")}</p>
    </Dialog>
  );
}
