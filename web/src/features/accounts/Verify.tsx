import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Link } from "../../ui/Link";
import { FormProblem } from "../../ui/States";
import { takeToken, type Verified, verify } from "./door";
import { Gate } from "./Gate";

/** Where the link of a mail leads: one press, so that a program that looks at mails confirms nothing. */
export function Verify() {
  const t = useWords();
  const [token] = useState(takeToken);
  const [state, setState] = useState<Verified | null>(null);
  const { busy, problem, submit } = useSubmit(token, async () => setState(await verify(token)));
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
        <FormProblem problem={problem} />
        <Button type="submit" look="primary" busy={busy} className="wide">{t("verify.submit")}</Button>
      </form>
      <p className="gate-links">
        <Link href="/">{t("join.toSignIn")}</Link>
      </p>
    </Gate>
  );
}
