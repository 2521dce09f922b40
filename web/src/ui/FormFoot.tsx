import { useWords } from "../lib/i18n";
import type { Problem } from "../lib/problem";
import { Button } from "./Button";
import { FormProblem } from "./States";

interface FormFootProps {
  /** The verb on the button that sends. */
  verb: string;
  look?: "primary" | "danger";
  busy: boolean;
  problem: Problem | null;
  onCancel: () => void;
}

/** Ends the form of a dialog: what went wrong, the way out, the verb. */
export function FormFoot({ verb, look = "primary", busy, problem, onCancel }: FormFootProps) {
  const t = useWords();
  return (
    <>
      <FormProblem problem={problem} />
      <div className="form-actions">
        <Button onClick={onCancel}>{t("common.cancel")}</Button>
        <Button type="submit" look={look} busy={busy}>{verb}</Button>
      </div>
    </>
  );
}
