import { useId } from "react";
import { useWords } from "../lib/i18n";
import { Button } from "./Button";
import { copy } from "./copy";

/** A text that is shown once, to be kept elsewhere: it can be selected whole, and copied. */
export function Secret({ label, text }: { label: string; text: string }) {
  const t = useWords();
  const id = useId();
  return (
    <div className="secret" role="group" aria-labelledby={id}>
      <span className="secret-label" id={id}>{label}</span>
      <code className="secret-text" data-secret>{text}</code>
      <Button icon="copy" onClick={() => void copy(text)}>
        {t("common.copy")}
        <span className="hidden">{label}</span>
      </Button>
    </div>
  );
}
