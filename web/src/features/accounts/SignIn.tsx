import { useEffect, useState } from "react";
import { Slot } from "../../contract/Part";
import { useWords, type Words } from "../../lib/i18n";
import { asProblem, Problem } from "../../lib/problem";
import { useQuery } from "../../lib/query";
import { navigate } from "../../lib/router";
import { useStore } from "../../lib/store";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Link } from "../../ui/Link";
import { FormProblem } from "../../ui/States";
import { CodeField } from "./CodeField";
import { doorKey, fetchDoor } from "./door";
import { Gate } from "./Gate";
import { Resend } from "./Join";
import { Password } from "./Password";
import { access, signIn } from "./session";

/** Browsers have passkeys on pages with a host name alone, over HTTPS or on this machine. */
const mayHavePasskeys = "PublicKeyCredential" in globalThis && !/^[\d.]+$|^\[/.test(location.hostname);

/** A wrong password is said in our words; the rest in the server's. */
function explain(problem: Problem, t: Words): Problem {
  if (problem.code !== "invalid_credentials") return problem;
  return new Problem(401, problem.code, "", t("signIn.wrong"), null);
}

/** First name and password; then, for those who have a second factor, the code on a page of its own. */
export function SignIn() {
  const t = useWords();
  const { data: door } = useQuery(doorKey, fetchDoor);
  useEffect(() => {
    // A site without owner has nobody who could sign in.
    if (door && !door.hasOwner) navigate("/setup", { replace: true });
  }, [door]);
  const notice = useStore(access, (current) => (current.state === "out" ? current.notice : null));
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState<string | null>(null);
  /** What a passkey is asked with in the place of the code, for who has one. */
  const [offer, setOffer] = useState<unknown>(null);
  const { busy, problem, submit, forget } = useSubmit({ login, password, code }, async () => {
    try {
      await signIn(login.trim(), password, code === null ? {} : { otp: code });
    } catch (error) {
      const found = asProblem(error);
      if (found.code === "otp_required") {
        setOffer(found.body["passkey"] ?? null);
        return setCode("");
      }
      // Anything but the code itself is to be mended on the page before.
      if (found.code === "invalid_credentials" || found.fault("otp")) setCode(null);
      throw explain(found, t);
    }
  });
  if (code !== null) {
    const wrong = problem?.code === "otp_invalid" ? problem.detail : undefined;
    return (
      <Gate title={t("signIn.codeTitle")} text={t("signIn.codeText")}>
        <form key="code" className="form" onSubmit={submit}>
          <CodeField recovery autoFocus value={code} fault={wrong} onChange={setCode} />
          {wrong === undefined && <FormProblem problem={problem} />}
          <Button type="submit" look="primary" busy={busy} className="wide">{t("signIn.submit")}</Button>
          {offer !== null && mayHavePasskeys && (
            <Slot
              name="signIn.passkeyFactor"
              offer={offer}
              send={(passkey) => signIn(login.trim(), password, { passkey })}
              coming={<div className="gate-passkey" />}
            />
          )}
          <button
            type="button"
            className="link"
            onClick={() => {
              setCode(null);
              setOffer(null);
              setPassword("");
              forget();
            }}
          >
            {t("signIn.other")}
          </button>
        </form>
      </Gate>
    );
  }
  return (
    <Gate
      title={t("signIn.title")}
      text={notice
        ? t(`signIn.notice.${notice}`)
        : door?.siteName
        ? t("signIn.textOf", { site: door.siteName })
        : t("signIn.text")}
    >
      <form key="password" className="form" onSubmit={submit}>
        <TextField
          label={t("signIn.login")}
          name="username"
          autoComplete={mayHavePasskeys ? "username webauthn" : "username"}
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
      {mayHavePasskeys && <Slot name="signIn.passkey" coming={<div className="gate-passkey" />} />}
      {problem?.code === "banned" && <Slot name="signIn.banned" refusal={problem} />}
      {problem?.code === "email_unverified" && login.includes("@") && <Resend email={login.trim()} />}
      <Slot name="signIn.providers" />
      <OtherWays />
    </Gate>
  );
}

/** A new account, a forgotten password: as far as this site has them. */
function OtherWays() {
  const t = useWords();
  const { data: door } = useQuery(doorKey, fetchDoor);
  return (
    <p className="gate-links">
      {door?.resets && <Link href="/signin/forgot">{t("forgot.link")}</Link>}
      {(door?.mode === "open" || door?.mode === "approval") && <Link href="/join">{t("join.new")}</Link>}
    </p>
  );
}
