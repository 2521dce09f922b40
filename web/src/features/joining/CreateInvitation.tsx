import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { useSubmit } from "../../lib/submit";
import { Dialog } from "../../ui/Dialog";
import { SelectField, TextField } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { PickRoles } from "../roles/PickRoles";
import { createInvitation } from "./joining";

const hour = 3_600_000;
const lifetimes = ["1", "24", "168", "720", ""] as const;
const uses = ["1", "5", "10", "100", ""] as const;

/** How long, how often, and what whoever comes will be. */
export function CreateInvitation({ onClose, onMade }: { onClose: () => void; onMade: (link: string) => void }) {
  const t = useWords();
  const [note, setNote] = useState("");
  const [hours, setHours] = useState<string>("168");
  const [most, setMost] = useState<string>("1");
  const [given, setGiven] = useState<readonly string[]>([]);
  // Counted from one moment, so that a repeated request asks for the same.
  const [openedAt] = useState(Date.now);
  const { busy, problem, submit } = useSubmit({ note, hours, most, given }, async (key) => {
    onMade(
      await createInvitation({
        ...(note.trim() ? { note: note.trim() } : {}),
        ...(most ? { max_uses: Number(most) } : {}),
        ...(hours ? { expires_at: new Date(openedAt + Number(hours) * hour).toISOString() } : {}),
        ...(given.length > 0 ? { roles: given } : {}),
      }, key),
    );
  });
  return (
    <Dialog title={t("invite.create")} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField
          label={t("invite.note")}
          hint={t("invite.noteHint")}
          optional={t("common.optional")}
          autoComplete="off"
          maxLength={200}
          autoFocus
          value={note}
          fault={problem?.fault("note")}
          onChange={(event) => setNote(event.target.value)}
        />
        <div className="form-grid">
          <SelectField
            label={t("invite.lifetime")}
            value={hours}
            fault={problem?.fault("expires_at")}
            onChange={(event) => setHours(event.target.value)}
          >
            {lifetimes.map((each) => (
              <option key={each} value={each}>{t(each ? `invite.for.${each}` : "keys.for.ever")}</option>
            ))}
          </SelectField>
          <SelectField
            label={t("invite.most")}
            value={most}
            fault={problem?.fault("max_uses")}
            onChange={(event) => setMost(event.target.value)}
          >
            {uses.map((each) => (
              <option key={each} value={each}>
                {each ? t("invite.times", { count: Number(each) }) : t("invite.unlimited")}
              </option>
            ))}
          </SelectField>
        </div>
        <PickRoles
          legend={t("invite.roles")}
          hint={t("invite.rolesHint")}
          chosen={given}
          fault={problem?.fault("roles")}
          onChange={setGiven}
        />
        <FormFoot verb={t("invite.submit")} busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
