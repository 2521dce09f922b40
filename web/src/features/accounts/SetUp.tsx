import { useEffect, useState } from "react";
import { useWords } from "../../lib/i18n";
import { forgetLinkToken, takeLinkToken, tokenOf } from "../../lib/linkToken";
import { navigate } from "../../lib/router";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Link } from "../../ui/Link";
import { ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { useQuery } from "../../lib/query";
import { Credentials } from "./Credentials";
import { doorKey, fetchDoor } from "./door";
import { Gate } from "./Gate";
import { claimSetup } from "./session";

export function SetUp() {
  const t = useWords();
  const [fromLink, setFromLink] = useState(takeLinkToken);
  const { data: door, problem: unread, reload } = useQuery(doorKey, fetchDoor);
  useEffect(() => {
    // The link is opened where this page is open already.
    const onHash = () => {
      const token = takeLinkToken();
      if (!token) return;
      setFromLink(token);
      setFields((now) => ({ ...now, token }));
    };
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, []);
  const [fields, setFields] = useState({ token: fromLink, username: "", email: "", password: "" });
  const set = (name: keyof typeof fields) => (event: { target: { value: string } }) =>
    setFields({ ...fields, [name]: event.target.value });
  const { busy, problem, submit } = useSubmit(fields, async () => {
    const { token, username, email, password } = fields;
    await claimSetup({ token: tokenOf(token), username: username.trim(), email: email.trim(), password });
    forgetLinkToken("/setup");
    navigate("/", { replace: true });
  });
  if (door?.hasOwner) {
    return (
      <Gate title={t("setUp.done.title")} text={t("setUp.done.text")}>
        <Link href="/" className="btn btn-primary wide">{t("signIn.submit")}</Link>
      </Gate>
    );
  }
  if (!door) {
    return (
      <Gate title={t("setUp.title")}>
        {unread ? <ErrorState problem={unread} onRetry={reload} /> : <Skeleton rows={3} shape="line" />}
      </Gate>
    );
  }
  return (
    <Gate title={t("setUp.title")} text={t("setUp.text")}>
      <form className="form" onSubmit={submit}>
        {!fromLink && (
          <TextField
            label={t("setUp.token")}
            hint={t("setUp.tokenHint")}
            required
            value={fields.token}
            fault={problem?.fault("token")}
            onChange={set("token")}
          />
        )}
        <Credentials fields={fields} problem={problem} set={set} />
        <FormProblem problem={problem} />
        <Button type="submit" look="primary" busy={busy} className="wide">{t("setUp.submit")}</Button>
      </form>
    </Gate>
  );
}
