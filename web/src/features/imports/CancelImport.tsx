import { useWords } from "../../lib/i18n";
import { navigate } from "../../lib/router";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { FormProblem } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { cancel, type Import } from "./imports";

/** Cancels an import, also while it runs; nobody is added. */
export function CancelImport({ each, stops = false }: { each: Import; stops?: boolean }) {
  const t = useWords();
  const { busy, problem, submit } = useSubmit(each.id, async () => {
    await cancel(each.id);
    say("imports.cancelled");
    navigate("/panel/members/import", { replace: true });
  });
  return (
    <>
      <FormProblem problem={problem} />
      <Button look="quiet" busy={busy} onClick={() => submit()}>{t(stops ? "imports.stop" : "imports.cancel")}</Button>
    </>
  );
}
