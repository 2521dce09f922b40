import { useState } from "react";
import { del } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { useSubmit } from "../../lib/submit";
import { Dialog } from "../../ui/Dialog";
import { FormFoot } from "../../ui/FormFoot";
import { say } from "../../ui/Toasts";
import { CodeField } from "./CodeField";
import { Password } from "./Password";

/** Back to the password alone; takes both, so that an open browser is not enough. */
export function RemoveFactor({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const [fields, setFields] = useState({ password: "", code: "" });
  const { busy, problem, submit } = useSubmit(fields, async () => {
    await del("/users/me/totp", { body: fields });
    say("factor.removed");
    onClose();
  });
  return (
    <Dialog title={t("factor.removeTitle")} onClose={onClose} width="small">
      <form className="form" onSubmit={submit}>
        <p className="muted">{t("factor.removeLead")}</p>
        <Password
          label={t("password.current")}
          autoComplete="current-password"
          required
          autoFocus
          value={fields.password}
          fault={problem?.fault("password")}
          onChange={(event) => setFields({ ...fields, password: event.target.value })}
        />
        <CodeField
          recovery
          value={fields.code}
          fault={problem?.fault("code")}
          onChange={(code) => setFields({ ...fields, code })}
        />
        <FormFoot verb={t("factor.remove")} look="danger" busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
