import { type FormEvent, useState } from "react";
import { useWords, type Words } from "../../lib/i18n";
import { asProblem, Problem } from "../../lib/problem";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { FormProblem } from "../../ui/States";
import { Gate } from "./Gate";
import { Password } from "./Password";
import { access, signIn } from "./session";

/** A wrong password is said in our words; the rest in the server's. */
function explain(problem: Problem, t: Words): Problem {
  if (problem.status !== 401) return problem;
  return new Problem(401, problem.code, "", t("signIn.wrong"), null);
}

export function SignIn() {
  const t = useWords();
  const notice = useStore(access, (current) => (current.state === "out" ? current.notice : null));
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await signIn(login.trim(), password);
    } catch (error) {
      setProblem(explain(asProblem(error), t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Gate title={t("signIn.title")} text={notice ? t(`signIn.notice.${notice}`) : t("signIn.text")}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <TextField
          label={t("signIn.login")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
          value={login}
          fault={problem?.fault("email") ?? problem?.fault("username")}
          onChange={(event) => setLogin(event.target.value)}
        />
        <Password
          label={t("signIn.password")}
          name="password"
          autoComplete="current-password"
          required
          value={password}
          fault={problem?.fault("password")}
          onChange={(event) => setPassword(event.target.value)}
        />
        <FormProblem problem={problem} />
        <Button type="submit" look="primary" busy={busy} className="wide">{t("signIn.submit")}</Button>
      </form>
    </Gate>
  );
}
