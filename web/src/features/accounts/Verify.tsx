import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { forgetLinkToken, takeLinkToken } from "../../lib/linkToken";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Link } from "../../ui/Link";
import { FormProblem } from "../../ui/States";
import { type Verified, verify } from "./door";
import { Gate } from "./Gate";
import { Password } from "./Password";

/** Where the link of a mail leads. It takes the password of whoever asked for it: a link that somebody else asked for confirms nothing. */
export function Verify() {
  const t = useWords();
  const [token] = useState(takeLinkToken);
  const [state, setState] = useState<Verified | null>(null);
  const [password, setPassword] = useState("");
  const { busy, problem, submit } = useSubmit(password, async () => {
    setState(await verify(token, password));
    forgetLinkToken();
  });
  if (state) {
    return (
      <Gate title={t(`verify.${state}.title`)} text={t(`verify.${state}.text`)}>
        <Link href="/" className="btn btn-primary wide">
          {t(state === "active" ? "join.toSignIn" : "verify.onward")}
        </Link>
      </Gate>
    );
  }
  if (!token) {
    return (
      <Gate title={t("verify.title")} text={t("verify.missing")}>
        <Link href="/" className="btn wide">{t("join.toSignIn")}</Link>
      </Gate>
    );
  }
  return (
    <Gate title={t("verify.title")} text={t("verify.text")}>
      <form className="form" onSubmit={submit}>
        <Password
          label={t("verify.password")}
          autoComplete="current-password"
          required
          value={password}
          fault={problem?.fault("password")}
          onChange={(event) => setPassword(event.target.value)}
        />
        <FormProblem problem={problem} />
        <Button type="submit" look="primary" busy={busy} className="wide">{t("verify.submit")}</Button>
      </form>
      <p className="gate-links">
        <Link href="/">{t("join.toSignIn")}</Link>
      </p>
    </Gate>
  );
}
