import { useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { forgetLinkToken, takeLinkToken } from "../../lib/linkToken";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Link } from "../../ui/Link";
import { FormProblem } from "../../ui/States";
import { Gate } from "./Gate";
import { NewPassword } from "./Password";

/** Asks for a link by mail; what is said afterwards does not tell whether the address is known. */
export function Forgot() {
  const t = useWords();
  const [email, setEmail] = useState("");
  const [done, setDone] = useState(false);
  const { busy, problem, submit } = useSubmit(email, async () => {
    await post("/auth/password/forgot", { email: email.trim() });
    setDone(true);
  });
  return (
    <Gate title={t("forgot.title")} text={done ? undefined : t("forgot.text")}>
      {done
        ? (
          <div className="form" role="status">
            <p>{t("forgot.done", { email: email.trim() })}</p>
            <p className="tiny muted">{t("join.mail.spam")}</p>
          </div>
        )
        : (
          <form className="form" onSubmit={submit}>
            <TextField
              label={t("user.email")}
              name="email"
              type="email"
              autoComplete="email"
              required
              autoFocus
              value={email}
              fault={problem?.fault("email")}
              onChange={(event) => setEmail(event.target.value)}
            />
            <FormProblem problem={problem} />
            <Button type="submit" look="primary" busy={busy} className="wide">{t("forgot.submit")}</Button>
          </form>
        )}
      <p className="gate-links">
        <Link href="/">{t("join.toSignIn")}</Link>
      </p>
    </Gate>
  );
}

/** Where the link leads: a new password, then the sign-in, with the second factor as ever. */
export function Reset() {
  const t = useWords();
  const [token] = useState(takeLinkToken);
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const { busy, problem, submit } = useSubmit(password, async () => {
    await post("/auth/password/reset", { token, password });
    forgetLinkToken();
    setDone(true);
  });
  if (done) {
    return (
      <Gate title={t("reset.done.title")} text={t("reset.done.text")}>
        <Link href="/" className="btn btn-primary wide">{t("join.toSignIn")}</Link>
      </Gate>
    );
  }
  const lost = !token || problem?.code === "link_invalid";
  return (
    <Gate title={t("reset.title")} text={lost ? t("reset.missing") : t("reset.text")}>
      {lost
        ? <Link href="/signin/forgot" className="btn btn-primary wide">{t("reset.again")}</Link>
        : (
          <form className="form" onSubmit={submit}>
            <NewPassword
              label={t("password.new")}
              name="password"
              autoFocus
              value={password}
              fault={problem?.fault("password")}
              onChange={(event) => setPassword(event.target.value)}
            />
            <FormProblem problem={problem} />
            <Button type="submit" look="primary" busy={busy} className="wide">{t("reset.submit")}</Button>
          </form>
        )}
    </Gate>
  );
}
