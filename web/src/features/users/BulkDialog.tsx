import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { useSubmit } from "../../lib/submit";
import { Dialog } from "../../ui/Dialog";
import { SelectField, TextArea } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { useRoles } from "../roles/roles";
import { durations } from "./BanUser";
import {
  type Acting,
  type BulkAction,
  bulkActions,
  type BulkJob,
  type BulkOrder,
  type BulkTarget,
  prepareBulk,
  sayAction,
  sayJob,
} from "./bulk";
import { BulkPreview } from "./BulkPreview";
import { BulkProgress } from "./BulkProgress";
import { TagField } from "./TagField";
import { roleTitle } from "../../lib/roleTitle";

interface DialogProps {
  acting: Acting;
  onClose: () => void;
}

/** From the words of an act upon many, over what it would do, to what it did. */
export function BulkDialog({ acting, onClose }: DialogProps) {
  const t = useWords();
  const roles = useRoles();
  const [job, setJob] = useState("job" in acting ? acting.job : null);
  const title = "job" in acting ? sayJob(acting.job, t, roles) : sayAction(acting.action, t);
  const show = (next: BulkJob) => {
    setJob(next);
    if (!("job" in acting) && next.state !== "prepared") acting.onBegun();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      {job
        ? job.state === "prepared"
          ? <BulkPreview job={job} onBegun={show} onClose={onClose} />
          : <BulkProgress key={job.id} job={job} onNext={show} onClose={onClose} />
        : !("job" in acting) && <Words {...acting} onPrepared={show} onClose={onClose} />}
    </Dialog>
  );
}

interface WordsProps {
  action: BulkAction;
  target: BulkTarget;
  onPrepared: (job: BulkJob) => void;
  onClose: () => void;
}

/** What the act needs to know; then it is prepared. */
function Words({ action, target, onPrepared, onClose }: WordsProps) {
  const t = useWords();
  const roles = useRoles();
  const [role, setRole] = useState("");
  const [tag, setTag] = useState("");
  const [reason, setReason] = useState("");
  const [duration, setDuration] = useState("86400");
  const { fields } = bulkActions[action];
  const asks = (field: typeof fields[number]) => fields.includes(field);
  const order: BulkOrder = {
    action,
    ...(asks("role") ? { role } : {}),
    ...(asks("tag") ? { tag: tag.trim() } : {}),
    ...(asks("reason") && reason.trim() ? { reason: reason.trim() } : {}),
    ...(asks("duration") && duration ? { duration_s: Number(duration) } : {}),
  };
  const { busy, problem, submit } = useSubmit([order, target], async (key) => {
    onPrepared(await prepareBulk(order, target, key));
  });
  return (
    <form className="form" onSubmit={submit}>
      {asks("role") && (
        <SelectField
          label={t("users.filter.role")}
          required
          value={role}
          fault={problem?.fault("role")}
          onChange={(event) => setRole(event.target.value)}
        >
          <option value="">{t("users.assignPick")}</option>
          {roles.filter((each) => each.name !== "owner" && each.name !== "guest").map((each) => (
            <option key={each.id} value={each.id}>{roleTitle(each.name, t)}</option>
          ))}
        </SelectField>
      )}
      {asks("tag") && (
        <TagField
          label={t("users.filter.tag")}
          required
          value={tag}
          fault={problem?.fault("tag")}
          onChange={(event) => setTag(event.target.value)}
        />
      )}
      {asks("reason") && (
        <TextArea
          label={t("users.reason")}
          required={action === "ban"}
          {...(action === "ban" ? {} : { optional: t("common.optional") })}
          value={reason}
          fault={problem?.fault("reason")}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
      {asks("duration") && (
        <SelectField
          label={t("ban.duration")}
          value={duration}
          onChange={(event) => setDuration(event.target.value)}
        >
          {durations.map((each) => (
            <option key={each} value={each}>{t(each ? `ban.for.${each}` : "ban.for.ever")}</option>
          ))}
        </SelectField>
      )}
      <p className="muted small">{t("bulk.previewFirst")}</p>
      <FormFoot verb={t("bulk.preview")} busy={busy} problem={problem} onCancel={onClose} />
    </form>
  );
}
