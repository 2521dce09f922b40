import { useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { asKeys, asRaw, asText } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FormFoot } from "../../ui/FormFoot";
import { Icon } from "../../ui/Icon";
import { Secret } from "../../ui/Secret";
import { QRCode } from "../../ui/QRCode";
import { CodeField } from "./CodeField";
import { Password } from "./Password";

type Step =
  | { name: "password" }
  | { name: "secret"; secret: string; uri: string }
  | { name: "codes"; codes: readonly string[] };

async function begin(password: string): Promise<Step> {
  const answer = asRaw(await post("/users/me/totp", { password }));
  return { name: "secret", secret: asText(answer["secret"]) ?? "", uri: asText(answer["uri"]) ?? "" };
}

async function confirm(code: string): Promise<Step> {
  const answer = asRaw(await post("/users/me/totp/confirm", { code }));
  return { name: "codes", codes: asKeys(answer["recovery_codes"]) };
}

/** Three steps: who I am, what the app shows, what I keep on paper. Nothing is on before the second is done. */
export function EnrolFactor({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const [step, setStep] = useState<Step>({ name: "password" });
  const [typed, setTyped] = useState("");
  const { busy, problem, submit } = useSubmit(typed, async () => {
    setStep(await (step.name === "password" ? begin(typed) : confirm(typed)));
    setTyped("");
  });
  return (
    <Dialog title={t("factor.title")} onClose={onClose} width="small">
      {step.name === "password" && (
        <form className="form" onSubmit={submit}>
          <p className="muted">{t("factor.passwordLead")}</p>
          <Password
            label={t("password.current")}
            autoComplete="current-password"
            required
            autoFocus
            value={typed}
            fault={problem?.fault("password")}
            onChange={(event) => setTyped(event.target.value)}
          />
          <FormFoot verb={t("factor.next")} busy={busy} problem={problem} onCancel={onClose} />
        </form>
      )}
      {step.name === "secret" && (
        <form className="form" onSubmit={submit}>
          <p className="muted">{t("factor.secretLead")}</p>
          <QRCode text={step.uri} label={t("factor.qr")} />
          <Secret label={t("factor.secret")} text={step.secret} />
          <p>
            <a href={step.uri}>{t("factor.open")}</a>
          </p>
          <CodeField value={typed} fault={problem?.fault("code")} onChange={setTyped} autoFocus />
          <FormFoot verb={t("factor.confirm")} busy={busy} problem={problem} onCancel={onClose} />
        </form>
      )}
      {step.name === "codes" && (
        <div className="form">
          <p className="notice">
            <Icon name="shield" />
            {t("factor.codesLead")}
          </p>
          <Secret label={t("factor.codes")} text={step.codes.join("\n")} />
          <div className="form-actions">
            <Button look="primary" onClick={onClose}>{t("factor.kept")}</Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
