import { type FormEvent, useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import type { Role, User } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { DateField } from "../../ui/DateField";
import { Dialog } from "../../ui/Dialog";
import { SelectField, TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { readImpact, refusalText } from "../roles/impact";
import { KeyList } from "../roles/KeyList";
import { useRoles } from "../roles/roles";
import { assign } from "./actions";
import { localOf, momentOf } from "./Moment";
import { roleTitle } from "../../lib/roleTitle";

const blank = { id: "", reason: "", until: "" };

/** Gives a role, for good or for a time; what it would change is told before. */
export function AssignRole({ user, explains }: { user: User; explains: boolean }) {
  const t = useWords();
  const roles = useRoles();
  const [fields, setFields] = useState(blank);
  const set = (name: keyof typeof blank) => (event: { target: { value: string } }) =>
    setFields({ ...fields, [name]: event.target.value });
  const free = roles.filter((role) => !user.roles.includes(role.id) && role.name !== "owner" && role.name !== "guest");
  const role: Role | undefined = free.find((each) => each.id === fields.id);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!role) return;
    // The button goes with the role: the next one is chosen where this one was.
    event.currentTarget.querySelector<HTMLElement>("[role=combobox]")?.focus();
    setFields(blank);
    void assign(user, role, fields.reason.trim() || null, momentOf(fields.until)).then((done) => {
      // Back to where it was, unless another one was begun meanwhile.
      if (!done) setFields((now) => (now === blank ? fields : now));
    });
  };
  return (
    <form className="form boxed" onSubmit={submit} aria-label={t("users.assign")}>
      <SelectField label={t("users.assign")} value={fields.id} onChange={set("id")}>
        <option value="">{t("users.assignPick")}</option>
        {free.map((each) => <option key={each.id} value={each.id}>{roleTitle(each.name, t)}</option>)}
      </SelectField>
      {role && (
        <>
          {explains && <WhatIf user={user} role={role} />}
          <div className="form-grid">
            <TextField
              label={t("users.reason")}
              optional={t("common.optional")}
              value={fields.reason}
              onChange={set("reason")}
            />
            <DateField
              label={t("users.until")}
              optional={t("common.optional")}
              withTime
              min={localOf(Date.now())}
              value={fields.until}
              onChange={set("until")}
            />
          </div>
          <div className="form-actions start">
            <Button type="submit" look="primary">{t("users.assignSubmit")}</Button>
          </div>
        </>
      )}
    </form>
  );
}

/** What giving the role would change for this member, as the server works it out. */
export function WhatIf({ user, role, removes = false }: { user: User; role: Role; removes?: boolean }) {
  const t = useWords();
  const { data, problem } = useQuery(
    `user:${user.id}:whatif:${removes ? "-" : "+"}${role.id}:${role.version ?? 0}:${user.roles.join()}`,
    async () =>
      readImpact(
        await post<unknown>(`/users/${user.id}/roles/preview`, removes ? { remove: [role.id] } : { role_id: role.id }),
      ),
    { about: [`user:${user.id}`, "rights"] },
  );
  if (problem) return null;
  return (
    <div className="what-if" role="status" aria-label={t("whatIf.title")}>
      {!data && <p className="tiny muted">{t("common.loading")}</p>}
      {data && data.gains.length + data.loses.length === 0 && <p className="tiny muted">{t("whatIf.same")}</p>}
      {data && <KeyList say="preview.gains" sign="+" keys={data.gains} />}
      {data && <KeyList say="preview.loses" sign="−" keys={data.loses} />}
      {data?.refusal && (
        <p className="form-problem">
          <Icon name="warning" />
          {refusalText(data.refusal, t)}
        </p>
      )}
    </div>
  );
}

/** Moves the end of a role that somebody has, or takes the end away. */
export function EndDialog(
  { user, role, expiresAt, onClose }: { user: User; role: Role; expiresAt: string | null; onClose: () => void },
) {
  const t = useWords();
  const [until, setUntil] = useState(localOf(expiresAt));
  const { busy, submit } = useSubmit(until, async () => {
    if (await assign(user, role, null, momentOf(until), true)) onClose();
  });
  return (
    <Dialog title={t("users.endTitle", { role: roleTitle(role.name, t) })} width="small" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <DateField
          label={t("users.until")}
          hint={t("users.untilHint")}
          withTime
          min={localOf(Date.now())}
          value={until}
          onChange={(event) => setUntil(event.target.value)}
        />
        <div className="form-actions">
          <Button onClick={() => setUntil("")}>{t("users.noEnd")}</Button>
          <Button type="submit" look="primary" busy={busy}>{t("common.save")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
