import { useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FormFoot } from "../../ui/FormFoot";
import { Password } from "./Password";
import { depart } from "./session";

/** The way out, with a way back for a while. */
export function Leave() {
  const t = useWords();
  const [open, setOpen] = useState(false);
  return (
    <div className="stack tight">
      <p className="muted">{t("leave.lead")}</p>
      <div className="form-actions start">
        <Button icon="out" onClick={() => setOpen(true)}>{t("leave.begin")}</Button>
      </div>
      {open && <LeaveDialog onClose={() => setOpen(false)} />}
    </div>
  );
}

function LeaveDialog({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const [password, setPassword] = useState("");
  const { busy, problem, submit } = useSubmit(password, () => depart(() => post("/auth/leave", { password })));
  return (
    <Dialog title={t("leave.title")} onClose={onClose} width="small">
      <form className="form" onSubmit={submit}>
        <p className="muted">{t("leave.text")}</p>
        <Password
          label={t("password.current")}
          autoComplete="current-password"
          required
          autoFocus
          value={password}
          fault={problem?.fault("password")}
          onChange={(event) => setPassword(event.target.value)}
        />
        <FormFoot verb={t("leave.submit")} look="danger" busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
