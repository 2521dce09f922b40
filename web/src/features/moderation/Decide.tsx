import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Field";
import { FormProblem } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { useCan, useSession } from "../accounts/session";
import { type Act, type Case, decide } from "./cases";
import { type Choice, Impose, useKinds } from "./Impose";

/** The form of a decision: hide the message, sanction the person, or dismiss the reports. */
export function Decide({ of }: { of: Case }) {
  const t = useWords();
  const me = useSession().user.id;
  const kinds = useKinds();
  const mayHide = useCan("chat.moderate");
  const hides = mayHide && of.target === "message" && of.exists;
  const [hide, setHide] = useState(hides);
  const [choice, setChoice] = useState<Choice>({ kind: kinds[0] ?? "none", duration: "86400", reason: "" });
  const acts: Act[] = [
    ...(hides && hide ? [{ kind: "hide" }] : []),
    ...(choice.kind === "none" ? [] : [{
      kind: choice.kind,
      reason: choice.reason,
      ...(choice.duration && (choice.kind === "mute" || choice.kind === "ban")
        ? { duration_s: Number(choice.duration) }
        : {}),
    }]),
  ];
  const { busy, problem, submit } = useSubmit({ acts }, async (key) => {
    await decide(of, acts, "", key);
    say("team.said.decided");
  });
  const dismissal = useSubmit({ id: of.id, dismiss: true }, async (key) => {
    await decide(of, [{ kind: "dismiss" }], "", key);
    say("team.said.decided");
  });
  const isMine = of.reports.some(({ reporter }) => reporter?.id === me);
  if (isMine) return <p className="notice">{t("team.ownReport")}</p>;
  return (
    <section className="case-decision" aria-labelledby="case-decision">
      <h2 id="case-decision">{t("team.decision")}</h2>
      <form className="form" onSubmit={submit}>
        {hides && (
          <Checkbox
            label={t("team.act.hide")}
            hint={t("team.hideHint")}
            checked={hide}
            onChange={(event) => setHide(event.target.checked)}
          />
        )}
        {of.subject && (
          <Impose
            kinds={["none", ...kinds]}
            value={choice}
            onChange={setChoice}
            fault={(field) => problem?.faults.find(({ pointer }) => pointer.endsWith(`/${field}`))?.detail}
            escalation={of.nextWarning}
            inForce={of.sanctions}
          />
        )}
        <FormProblem problem={problem ?? dismissal.problem} />
        <div className="form-actions">
          <Button busy={dismissal.busy} onClick={() => dismissal.submit()}>{t("team.act.dismiss")}</Button>
          {acts.length > 0 && <Button type="submit" look="primary" busy={busy}>{t("team.decide")}</Button>}
        </div>
      </form>
    </section>
  );
}
