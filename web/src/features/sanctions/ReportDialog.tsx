import { useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { useSubmit } from "../../lib/submit";
import { Dialog } from "../../ui/Dialog";
import { SelectField, TextArea } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { say } from "../../ui/Toasts";

export const categories = [
  "harassment",
  "threat",
  "hate",
  "self_harm",
  "shocking",
  "illegal",
  "impersonation",
  "spam",
  "spoiler",
  "other",
] as const;

export interface ReportProps {
  target: "message" | "user";
  id: string;
  /** The name of the reported person, or of the author. */
  called: string;
  onClose: () => void;
}

/** The dialog that reports a message or a person to the team. */
export function ReportDialog({ target, id, called, onClose }: ReportProps) {
  const t = useWords();
  const [category, setCategory] = useState<string>("");
  const [text, setText] = useState("");
  const body = { target_type: target, target_id: id, category, ...(text.trim() ? { text: text.trim() } : {}) };
  const { busy, problem, submit } = useSubmit(body, async (key) => {
    await post("/reports", body, { key });
    say("report.said");
    onClose();
  });
  return (
    <Dialog title={t(`report.title.${target}`, { name: called })} onClose={onClose} width="small">
      <form className="form" onSubmit={submit}>
        <p className="muted">{t("report.lead")}</p>
        <SelectField
          label={t("report.category")}
          required
          data-autofocus
          value={category}
          fault={problem?.fault("category")}
          onChange={(event) => setCategory(event.target.value)}
        >
          <option value="" disabled>{t("report.choose")}</option>
          {categories.map((each) => <option key={each} value={each}>{t(`report.category.${each}`)}</option>)}
        </SelectField>
        <TextArea
          label={t("report.text")}
          optional={t("common.optional")}
          maxLength={2000}
          value={text}
          fault={problem?.fault("text")}
          onChange={(event) => setText(event.target.value)}
        />
        <FormFoot verb={t("report.submit")} busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
