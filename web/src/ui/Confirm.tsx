import { useWords } from "../lib/i18n";
import { useSubmit } from "../lib/submit";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { FormProblem } from "./States";

interface ConfirmProps {
  title: string;
  text: string;
  /** The verb on the button that does it. */
  verb: string;
  run: () => Promise<void>;
  onClose: () => void;
}

/** Asks before what cannot be undone; a refusal is told here, where one can try again. */
export function Confirm({ title, text, verb, run, onClose }: ConfirmProps) {
  const t = useWords();
  const { busy, problem, submit } = useSubmit(null, async () => {
    await run();
    onClose();
  });
  return (
    <Dialog
      title={title}
      onClose={onClose}
      width="small"
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button look="danger" busy={busy} onClick={() => submit()}>{verb}</Button>
        </>
      }
    >
      <div className="stack tight">
        <p className="muted">{text}</p>
        <FormProblem problem={problem} />
      </div>
    </Dialog>
  );
}
