import { useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { invalidate } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { FormProblem } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { NewPassword, Password } from "./Password";
import { useSession } from "./session";

const blank = { current: "", new: "" };

export function ChangePassword() {
  const t = useWords();
  const { user } = useSession();
  const [fields, setFields] = useState(blank);
  const set = (name: keyof typeof blank) => (event: { target: { value: string } }) =>
    setFields({ ...fields, [name]: event.target.value });
  const { busy, problem, submit } = useSubmit(fields, async () => {
    await post("/auth/password", fields);
    setFields(blank);
    invalidate("sessions");
    say("password.changed");
  });
  return (
    <form className="form narrow" onSubmit={submit}>
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
      <NewPassword
        label={t("password.new")}
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
