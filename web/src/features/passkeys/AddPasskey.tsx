import { useState } from "react";
import { useWords } from "../../lib/i18n";
import type { Raw } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { say } from "../../ui/Toasts";
import { Password } from "../accounts/Password";
import { addPasskey, beginPasskey } from "./own";
import { explained } from "./webauthn";

/** Who I am, and a name; then the browser asks where to keep it. What it gave up is asked again without the password. */
export function AddPasskey({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const [fields, setFields] = useState({ password: "", name: "" });
  const [options, setOptions] = useState<Raw | null>(null);
  const { busy, problem, submit } = useSubmit(fields, async () => {
    const asked = options ?? await beginPasskey(fields.password ? { password: fields.password } : {});
    setOptions(asked);
    try {
      await addPasskey(asked, fields.name.trim());
    } catch (error) {
      // What reached the server is spent there.
      if (!(error instanceof DOMException)) setOptions(null);
      throw explained(error, t);
    }
    say("passkeys.added");
    onClose();
  });
  return (
    <Dialog title={t("passkeys.add")} onClose={onClose} width="small">
      <form className="form" onSubmit={submit}>
        <p className="muted">{t(options ? "passkeys.addAgain" : "passkeys.addLead")}</p>
        {!options && (
          <Password
            label={t("passkeys.password")}
            autoComplete="current-password"
            autoFocus
            value={fields.password}
            fault={problem?.fault("password") ?? problem?.fault("code")}
            onChange={(event) => setFields({ ...fields, password: event.target.value })}
          />
        )}
        <TextField
          label={t("passkeys.name")}
          hint={t("passkeys.nameHint")}
          autoComplete="off"
          maxLength={64}
          value={fields.name}
          fault={problem?.fault("name")}
          onChange={(event) => setFields({ ...fields, name: event.target.value })}
        />
        <FormFoot verb={t("passkeys.next")} busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
