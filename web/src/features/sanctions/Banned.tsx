import { useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import type { Problem } from "../../lib/problem";
import { asText } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { FormProblem } from "../../ui/States";

/** Below a refused sign-in: the reason of the ban, and a form to appeal. */
export function Banned({ refusal }: { refusal: Problem }) {
  const t = useWords();
  const [text, setText] = useState("");
  const [isSent, setSent] = useState(false);
  const reason = asText(refusal.body["reason"]);
  const sanction = asText(refusal.body["sanction_id"]);
  const token = asText(refusal.body["appeal_token"]);
  const { busy, problem, submit } = useSubmit({ text, sanction }, async (key) => {
    await post(`/sanctions/${sanction}/appeal`, { text, token }, { key });
    setSent(true);
  });
  return (
    <div className="stack tight">
      {reason && (
        <p>
          <b>{t("sanctions.banned.reason")}</b> {reason}
        </p>
      )}
      {isSent ? <p role="status">{t("sanctions.appeal.open")}</p> : sanction && token && (
        <details>
          <summary>{t("sanctions.appeal")}</summary>
          <form className="form" onSubmit={submit}>
            <p className="muted">{t("sanctions.appeal.lead")}</p>
            <TextArea
              label={t("sanctions.appeal.text")}
              required
              rows={4}
              maxLength={2000}
              value={text}
              fault={problem?.fault("text")}
              onChange={(event) => setText(event.target.value)}
            />
            <FormProblem problem={problem} />
            <Button type="submit" busy={busy} className="wide">{t("sanctions.appeal.submit")}</Button>
          </form>
        </details>
      )}
    </div>
  );
}
