import { useEffect, useState } from "react";
import { Slot } from "../../contract/Part";
import { post } from "../../lib/api";
import { useLanguage, useWords } from "../../lib/i18n";
import { asProblem, type Problem } from "../../lib/problem";
import { useQuery } from "../../lib/query";
import { navigate } from "../../lib/router";
import { forgetLinkToken, takeLinkToken } from "../../lib/linkToken";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Checkbox, TextArea } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { ErrorState, FormProblem, problemText, Skeleton } from "../../ui/States";
import { Credentials } from "./Credentials";
import { type Door, doorKey, fetchDoor, fetchInvitation, type Invitation, register, type Waiting } from "./door";
import { Gate } from "./Gate";
import { roleTitle } from "../../lib/roleTitle";

const blank = { username: "", email: "", password: "", message: "" };

/** A new account: by the open door, by a link, or by the team's word. */
export function Join() {
  const t = useWords();
  const [token] = useState(takeLinkToken);
  const { data: door, problem, reload } = useQuery(doorKey, fetchDoor);
  const [invitation, setInvitation] = useState<Invitation | Problem | null>(null);
  const [waiting, setWaiting] = useState<{ for: Exclude<Waiting, null>; email: string } | null>(null);
  useEffect(() => {
    if (token) fetchInvitation(token).then(setInvitation, (error: unknown) => setInvitation(asProblem(error)));
  }, [token]);
  if (waiting) return <Wait of={waiting.for} email={waiting.email} />;
  if (problem && !door) {
    return (
      <Gate title={t("join.title")}>
        <ErrorState problem={problem} onRetry={reload} />
      </Gate>
    );
  }
  if (!door || (token && !invitation)) {
    return (
      <Gate title={t("join.title")}>
        <Skeleton rows={3} shape="line" />
      </Gate>
    );
  }
  if (invitation instanceof Error) return <Shut title={t("join.linkInvalid")} text={problemText(invitation, t)} />;
  if (door.mode === "closed") return <Shut text={t("join.closed")} />;
  if (door.mode === "invitation" && !invitation) {
    return <Shut title={t("join.invitationOnly")} text={t("join.byInvitation")} />;
  }
  return (
    <Form
      door={door}
      token={token}
      invitation={invitation}
      onWaiting={(reason, email) => setWaiting({ for: reason, email })}
      onRules={reload}
    />
  );
}

function Shut({ title, text }: { title?: string; text: string }) {
  const t = useWords();
  return (
    <Gate title={title ?? t("join.shut")} text={text}>
      <Link href="/" className="btn wide">{t("join.toSignIn")}</Link>
    </Gate>
  );
}

/** The address, or the team, has to answer first. */
export function Wait({ of, email }: { of: Exclude<Waiting, null>; email: string }) {
  const t = useWords();
  const mail = of === "verify_email";
  return (
    <Gate title={t(mail ? "join.mail.title" : "join.team.title")}>
      <div className="form" role="status">
        <p>{mail ? t("join.mail.text", { email }) : t("join.team.text")}</p>
        {mail && <p className="tiny muted">{t("join.mail.spam")}</p>}
      </div>
      {mail && <Resend email={email} />}
      <p className="gate-links">
        <Link href="/">{t("join.toSignIn")}</Link>
      </p>
    </Gate>
  );
}

/** Asks for the mail once more; the answer is the same whoever asks. */
export function Resend({ email }: { email: string }) {
  const t = useWords();
  const [done, setDone] = useState(false);
  const { busy, problem, submit } = useSubmit(email, async () => {
    await post("/auth/email/resend", { email });
    setDone(true);
  });
  return (
    <form className="form" onSubmit={submit}>
      <FormProblem problem={problem} />
      <Button type="submit" busy={busy} disabled={done} className="wide">{t("join.mail.again")}</Button>
      {done && <p className="tiny muted" role="status">{t("join.mail.sent")}</p>}
    </form>
  );
}

interface FormProps {
  door: Door;
  token: string;
  invitation: Invitation | null;
  onWaiting: (reason: Exclude<Waiting, null>, email: string) => void;
  onRules: () => void;
}

function Form({ door, token, invitation, onWaiting, onRules }: FormProps) {
  const t = useWords();
  const of = useLanguage();
  const [fields, setFields] = useState(blank);
  const [accepted, setAccepted] = useState(0);
  const set = (name: keyof typeof blank) => (event: { target: { value: string } }) =>
    setFields({ ...fields, [name]: event.target.value });
  const asks = door.mode === "approval" && !invitation;
  const body = {
    username: fields.username.trim(),
    email: fields.email.trim(),
    password: fields.password,
    locale: of,
    ...(token ? { invitation: token } : {}),
    ...(asks && fields.message.trim() ? { message: fields.message.trim() } : {}),
    ...(accepted ? { rules_version: accepted } : {}),
  };
  const { busy, problem, submit } = useSubmit(body, async () => {
    try {
      const waiting = await register(body);
      forgetLinkToken("/join");
      if (waiting) onWaiting(waiting, body.email);
      else navigate("/", { replace: true });
    } catch (error) {
      if (asProblem(error).code === "rules_changed") {
        setAccepted(0);
        onRules();
      }
      throw error;
    }
  });
  return (
    <Gate title={t("join.title")} text={invitation ? <Invited by={invitation} /> : t(asks ? "join.asks" : "join.text")}>
      <form className="form" onSubmit={submit}>
        <Credentials fields={fields} problem={problem} set={set} />
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
        {door.rules && (
          <RulesToAccept
            text={door.rules.text[of]}
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
      {!token && <Slot name="signIn.providers" />}
      <p className="gate-links">
        <Link href="/">{t("join.have")}</Link>
      </p>
    </Gate>
  );
}

function Invited({ by }: { by: Invitation }) {
  const t = useWords();
  return (
    <>
      {t("join.invited", { name: by.by })}
      {by.roles.length > 0 && (
        <span className="chips gate-roles">
          {by.roles.map((role) => <span key={role.id} className="chip">{roleTitle(role.name, t)}</span>)}
        </span>
      )}
    </>
  );
}

interface RulesProps {
  text: string;
  checked: boolean;
  fault: string | undefined;
  onChange: (on: boolean) => void;
}

export function RulesToAccept({ text, checked, fault, onChange }: RulesProps) {
  const t = useWords();
  return (
    <div className="rules-box">
      <h2 id="join-rules">
        <Icon name="audit" />
        {t("join.rules")}
      </h2>
      <div className="rules-text" tabIndex={0} role="region" aria-labelledby="join-rules">{text}</div>
      <Checkbox
        label={t("join.accept")}
        required
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      {fault && <p className="fault">{fault}</p>}
    </div>
  );
}
