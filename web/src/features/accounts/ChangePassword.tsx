import { type FormEvent, useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { asProblem, type Problem } from "../../lib/problem";
import { invalidate } from "../../lib/query";
import { Button } from "../../ui/Button";
import { FormProblem } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { Password } from "./Password";
import { useSession } from "./session";

const blank = { current: "", new: "" };

export function ChangePassword() {
  const t = useWords();
  const { user } = useSession();
  const [fields, setFields] = useState(blank);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const set = (name: keyof typeof blank) => (event: { target: { value: string } }) =>
    setFields({ ...fields, [name]: event.target.value });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await post("/auth/password", fields);
      setFields(blank);
      invalidate("sessions");
      say("password.changed");
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="form narrow" onSubmit={(event) => void submit(event)}>
      <p className="muted">{t("password.lead")}</p>
      <input type="text" name="username" autoComplete="username" value={user.username} readOnly hidden />
      <Password
        label={t("password.current")}
        autoComplete="current-password"
        required
        value={fields.current}
        fault={problem?.fault("current")}
        onChange={set("current")}
      />
      <Password
        label={t("password.new")}
        hint={t("setUp.passwordHint")}
        autoComplete="new-password"
        required
        value={fields.new}
        fault={problem?.fault("new")}
        onChange={set("new")}
      />
      <FormProblem problem={problem} />
      <div className="form-actions start">
        <Button type="submit" look="primary" busy={busy}>{t("password.submit")}</Button>
      </div>
    </form>
  );
}
