import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { navigate } from "../../lib/router";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { FormProblem } from "../../ui/States";
import { Credentials } from "./Credentials";
import { Gate } from "./Gate";
import { claimSetup } from "./session";

/** The link's secret stands after the #, where no server and no log sees it: `/setup#token=…`. */
export function tokenOf(text: string): string {
  const after = text.includes("#") ? text.slice(text.indexOf("#") + 1) : text;
  return (new URLSearchParams(after).get("token") ?? after).trim();
}

export function SetUp() {
  const t = useWords();
  // Read once, and taken out of the address bar: it must not stay in a history or a screenshot.
  const [fromLink] = useState(() => {
    const token = location.hash.length > 1 ? tokenOf(location.hash) : "";
    if (token) history.replaceState(history.state, "", location.pathname);
    return token;
  });
  const [fields, setFields] = useState({ token: fromLink, username: "", email: "", password: "" });
  const set = (name: keyof typeof fields) => (event: { target: { value: string } }) =>
    setFields({ ...fields, [name]: event.target.value });
  const { busy, problem, submit } = useSubmit(fields, async () => {
    const { token, username, email, password } = fields;
    await claimSetup({ token: tokenOf(token), username: username.trim(), email: email.trim(), password });
    navigate("/", { replace: true });
  });
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
