import { useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { asRaw } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { FormProblem } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { Password } from "./Password";
import { refreshSession, useSession } from "./session";

const blank = { email: "", password: "" };

/** Another address: with the password, and in force once it has answered. */
export function ChangeEmail() {
  const t = useWords();
  const { user } = useSession();
  const [fields, setFields] = useState(blank);
  const [asked, setAsked] = useState<string | null>(null);
  const { busy, problem, submit } = useSubmit(fields, async () => {
    const answer = asRaw(await post("/auth/email", { email: fields.email.trim(), password: fields.password }));
    if (answer["state"] === "verify_email") setAsked(fields.email.trim());
    else {
      say("email.changed");
      refreshSession();
    }
    setFields(blank);
  });
  return (
    <form className="form narrow" onSubmit={submit}>
      <p className="muted">{t("email.lead", { email: user.email ?? "–" })}</p>
      {asked && (
        <p className="notice" role="status">
          <Icon name="info" />
          {t("join.mail.text", { email: asked })}
        </p>
      )}
      <TextField
        label={t("email.new")}
        type="email"
        autoComplete="email"
        required
        value={fields.email}
        fault={problem?.fault("email")}
        onChange={(event) => setFields({ ...fields, email: event.target.value })}
      />
      <Password
        label={t("email.password")}
        autoComplete="current-password"
        required
        value={fields.password}
        fault={problem?.fault("password")}
        onChange={(event) => setFields({ ...fields, password: event.target.value })}
      />
      <FormProblem problem={problem} />
      <div className="form-actions start">
        <Button type="submit" look="primary" busy={busy}>{t("email.submit")}</Button>
      </div>
    </form>
  );
}
