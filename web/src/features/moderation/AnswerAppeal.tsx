import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { FormProblem } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { answer, type AppealOfCase, type Case } from "./cases";

/** The form that accepts or rejects an appeal; the person reads the reason. */
export function AnswerAppeal({ of, appeal }: { of: Case; appeal: AppealOfCase }) {
  const t = useWords();
  const [reason, setReason] = useState("");
  const [accepts, setAccepts] = useState(true);
  const { busy, problem, submit } = useSubmit({ reason, accepts, id: of.id }, async (key) => {
    await answer(appeal, accepts, reason, key);
    say(accepts ? "team.said.accepted" : "team.said.rejected");
  });
  if (!appeal.mayDecide) {
    const by = appeal.sanction?.by;
    return <p className="notice">{t("team.appeal.ownSanction", { name: by ? nameOf(by) : t("team.system") })}</p>;
  }
  return (
    <section className="case-decision" aria-labelledby="case-answer">
      <h2 id="case-answer">{t("team.appeal.answer")}</h2>
      <form className="form" onSubmit={submit}>
        <TextArea
          label={t("team.reason")}
          hint={t("team.reasonHint")}
          required
          maxLength={500}
          value={reason}
          fault={problem?.fault("reason")}
          onChange={(event) => setReason(event.target.value)}
        />
        <p className="notice">
          <b>{t("team.effect")}</b> {t("team.appeal.effect")}
        </p>
        <FormProblem problem={problem} />
        <div className="form-actions">
          <Button type="submit" busy={busy && !accepts} onClick={() => setAccepts(false)}>
            {t("team.appeal.reject")}
          </Button>
          <Button type="submit" look="primary" busy={busy && accepts} onClick={() => setAccepts(true)}>
            {t("team.appeal.accept")}
          </Button>
        </div>
      </form>
    </section>
  );
}
