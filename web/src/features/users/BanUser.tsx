import { useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { nameOf, type User } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Dialog } from "../../ui/Dialog";
import { SelectField, TextArea } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { say } from "../../ui/Toasts";
import { unban } from "./actions";
import { fetchUser, people } from "./people";

export const durations = ["3600", "86400", "604800", "2592000", ""] as const;

export function BanUser({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useWords();
  const [reason, setReason] = useState("");
  const [duration, setDuration] = useState("86400");
  const body = { reason, ...(duration ? { duration_s: Number(duration) } : {}) };
  const { busy, problem, submit } = useSubmit(body, async (key) => {
    await post(`/users/${user.id}/ban`, body, { key });
    people.set(user.id, { ...user, is_banned: true });
    void fetchUser(user.id).catch(() => undefined);
    say("users.banned", { user: nameOf(user) }, () => void unban(user));
    onClose();
  });
  return (
    <Dialog title={t("ban.title", { user: nameOf(user) })} onClose={onClose} width="small">
      <form className="form" onSubmit={submit}>
        <p className="muted">{t("ban.text")}</p>
        <TextArea
          label={t("ban.reason")}
          hint={t("ban.reasonHint")}
          required
          autoFocus
          value={reason}
          fault={problem?.fault("reason")}
          onChange={(event) => setReason(event.target.value)}
        />
        <SelectField
          label={t("ban.duration")}
          value={duration}
          fault={problem?.fault("duration_s")}
          onChange={(event) => setDuration(event.target.value)}
        >
          {durations.map((each) => (
            <option key={each} value={each}>{t(each ? `ban.for.${each}` : "ban.for.ever")}</option>
          ))}
        </SelectField>
        <FormFoot verb={t("ban.submit")} look="danger" busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
