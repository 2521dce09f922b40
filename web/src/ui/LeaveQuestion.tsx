import { leaving } from "../lib/drafts";
import { useWords } from "../lib/i18n";
import { useStore } from "../lib/store";
import { Button } from "./Button";
import { Dialog } from "./Dialog";

/** Asks before something that is not saved is lost. */
export function LeaveQuestion() {
  const t = useWords();
  const question = useStore(leaving);
  if (!question) return null;
  return (
    <Dialog
      title={t("draft.title")}
      width="small"
      onClose={() => question.answer(false)}
      actions={
        <>
          <Button onClick={() => question.answer(false)}>{t("draft.stay")}</Button>
          <Button look="danger" onClick={() => question.answer(true)}>{t("draft.leave")}</Button>
        </>
      }
    >
      <p className="muted">{t("draft.text")}</p>
    </Dialog>
  );
}
