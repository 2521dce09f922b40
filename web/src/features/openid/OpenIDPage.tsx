import { useEffect, useState } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import { forgetLinkToken, takeLinkToken } from "../../lib/linkToken";
import { asProblem, type Problem } from "../../lib/problem";
import { useQuery } from "../../lib/query";
import { navigate, place } from "../../lib/router";
import { useStore } from "../../lib/store";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Link } from "../../ui/Link";
import { ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { CodeField } from "../accounts/CodeField";
import { Username } from "../accounts/Credentials";
import { doorKey, fetchDoor } from "../accounts/door";
import { Gate } from "../accounts/Gate";
import { RulesToAccept, Wait } from "../accounts/Join";
import { NewPassword } from "../accounts/Password";
import { access } from "../accounts/session";
import { complete, fetchTicket, type Ticket } from "./identities";
import { refusalOf } from "./refusals";

/** Between a provider and the site: what is still asked, or why it does not go on. */
export function OpenIDPage() {
  const search = useStore(place, (current) => current.search);
  const query = new URLSearchParams(search);
  const error = query.get("error");
  if (error !== null) return <Refused code={error} isLink={query.get("from") === "settings"} />;
  return <Step />;
}

/** Why a sign-in ended, in words, with the way on. */
function Refused({ code, isLink }: { code: string; isLink: boolean }) {
  const t = useWords();
  const isIn = useStore(access, (current) => current.state === "in");
  const { title, text } = refusalOf(code);
  return (
    <Gate title={t(title)} text={t(text)}>
      {isLink || isIn
        ? <Link href="/settings/security" className="btn wide">{t("openid.toSettings")}</Link>
        : <Link href="/signin" className="btn wide">{t("openid.toSignIn")}</Link>}
    </Gate>
  );
}

function Step() {
  const t = useWords();
  const [token] = useState(takeLinkToken);
  const [ticket, setTicket] = useState<Ticket | Problem | null>(null);
  useEffect(() => {
    if (token) fetchTicket(token).then(setTicket, (error: unknown) => setTicket(asProblem(error)));
  }, [token]);
  if (!token) return <Refused code="openid_expired" isLink={false} />;
  if (!ticket) {
    return (
      <Gate title={t("openid.title")}>
        <Skeleton rows={3} shape="line" />
      </Gate>
    );
  }
  if (ticket instanceof Error) {
    if (ticket.code === "openid_expired") return <Refused code={ticket.code} isLink={false} />;
    return (
      <Gate title={t("openid.title")}>
        <ErrorState problem={ticket} />
      </Gate>
    );
  }
  return ticket.step === "code" ? <Code token={token} of={ticket} /> : <Newcomer token={token} of={ticket} />;
}

function leaveFor(returnTo: string): void {
  forgetLinkToken("/openid");
  navigate(returnTo, { replace: true, force: true });
}

/** The second factor, as after a password. */
function Code({ token, of }: { token: string; of: Ticket }) {
  const t = useWords();
  const [code, setCode] = useState("");
  const { busy, problem, submit } = useSubmit(code, async () => {
    await complete(token, { otp: code });
    leaveFor(of.returnTo);
  });
  const wrong = problem?.code === "otp_invalid" ? problem.detail : undefined;
  return (
    <Gate title={t("signIn.codeTitle")} text={t("signIn.codeText")}>
      <form className="form" onSubmit={submit}>
        <CodeField recovery autoFocus value={code} fault={wrong} onChange={setCode} />
        {wrong === undefined && <FormProblem problem={problem} />}
        <Button type="submit" look="primary" busy={busy} className="wide">{t("signIn.submit")}</Button>
      </form>
      <p className="gate-links">
        <Link href="/signin">{t("openid.toSignIn")}</Link>
      </p>
    </Gate>
  );
}

/** Somebody new: the name that they choose, and what the door asks of everybody. */
function Newcomer({ token, of }: { token: string; of: Ticket }) {
  const t = useWords();
  const locale = useLanguage();
  const { data: door, reload } = useQuery(doorKey, fetchDoor);
  const [fields, setFields] = useState({
    username: of.username,
    email: of.email ?? "",
    password: "",
    message: "",
  });
  const [accepted, setAccepted] = useState(0);
  const [waiting, setWaiting] = useState<"verify_email" | "pending_approval" | null>(null);
  const set = (name: keyof typeof fields) => (event: { target: { value: string } }) =>
    setFields({ ...fields, [name]: event.target.value });
  const asks = door?.mode === "approval";
  const body = {
    username: fields.username.trim(),
    locale,
    ...(of.displayName ? { display_name: of.displayName.slice(0, 64) } : {}),
    ...(of.emailIsProven ? {} : { email: fields.email.trim() }),
    ...(fields.password ? { password: fields.password } : {}),
    ...(asks && fields.message.trim() ? { message: fields.message.trim() } : {}),
    ...(accepted ? { rules_version: accepted } : {}),
  };
  const { busy, problem, submit } = useSubmit(body, async () => {
    try {
      const state = await complete(token, body);
      if (state) {
        forgetLinkToken("/openid");
        setWaiting(state);
      } else {
        leaveFor(of.returnTo);
      }
    } catch (error) {
      if (asProblem(error).code === "rules_changed") {
        setAccepted(0);
        reload();
      }
      throw error;
    }
  });
  if (waiting) return <Wait of={waiting} email={fields.email} />;
  return (
    <Gate title={t("join.title")} text={t("openid.joining", { name: of.provider.name })}>
      <form className="form" onSubmit={submit}>
        <Username
          name="username"
          autoComplete="username"
          value={fields.username}
          fault={problem?.fault("username")}
          onChange={set("username")}
        />
        {of.emailIsProven
          ? <TextField label={t("user.email")} value={of.email ?? ""} readOnly hint={t("openid.proven")} />
          : (
            <TextField
              label={t("user.email")}
              name="email"
              type="email"
              autoComplete="email"
              required
              value={fields.email}
              fault={problem?.fault("email")}
              onChange={set("email")}
            />
          )}
        {of.needsPassword && (
          <>
            <NewPassword
              label={t("signIn.password")}
              name="password"
              value={fields.password}
              fault={problem?.fault("password")}
              onChange={set("password")}
            />
            <p className="tiny muted">{t("openid.whyPassword")}</p>
          </>
        )}
        {asks && (
          <TextArea
            label={t("join.message")}
            hint={t("join.messageHint")}
            optional={t("common.optional")}
            maxLength={1000}
            value={fields.message}
            fault={problem?.fault("message")}
            onChange={set("message")}
          />
        )}
        {door?.rules && (
          <RulesToAccept
            text={door.rules.text[locale]}
            checked={accepted === door.rules.version}
            fault={problem?.fault("rules_version")}
            onChange={(on) => setAccepted(on && door.rules ? door.rules.version : 0)}
          />
        )}
        <FormProblem problem={problem} />
        <Button type="submit" look="primary" busy={busy} className="wide">
          {t(asks ? "join.ask" : "join.submit")}
        </Button>
      </form>
      <p className="gate-links">
        <Link href="/signin">{t("join.have")}</Link>
      </p>
    </Gate>
  );
}
