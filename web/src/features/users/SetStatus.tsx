import { type FormEvent, useState } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { type Activity, nameOf } from "../../lib/resources";
import { absolute } from "../../lib/time";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { SelectField, TextField } from "../../ui/Field";
import { ErrorState, Skeleton } from "../../ui/States";
import { StatusMark } from "../presence/StatusMark";
import { EmojiRow, expiries, expiry } from "../presence/StatusPicker";
import { fetchUser } from "./people";
import { type Choice, choiceOf, type Named, noChoice, setStatusOf } from "./statuses";

const choices = ["online", "idle", "dnd"] as const;

/** Somebody else's status, set or cleared by the team. */
export function SetStatus({ person, onClose }: { person: Named; onClose: () => void }) {
  const t = useWords();
  const { data, problem, reload } = useQuery(`user:${person.id}:choice`, async () => {
    await fetchUser(person.id);
    return choiceOf(person.id);
  }, { fresh: 0 });
  return (
    <Dialog title={t("status.setTitle", { user: nameOf(person) })} width="small" onClose={onClose}>
      {data
        ? <ChoiceForm person={person} now={data} onClose={onClose} />
        : problem
        ? <ErrorState problem={problem} onRetry={reload} />
        : <Skeleton rows={5} shape="line" />}
    </Dialog>
  );
}

interface FormProps {
  person: Named;
  now: Choice;
  onClose: () => void;
}

function ChoiceForm({ person, now, onClose }: FormProps) {
  const t = useWords();
  const of = useLanguage();
  // What was there when the form opened: only what is changed here is sent.
  const [before] = useState(now);
  const [draft, setDraft] = useState({
    status: before.status,
    message: before.message ?? "",
    emoji: before.emoji ?? "",
    until: before.expiresAt ? "keep" : "never",
    name: before.activity?.name ?? "",
    details: before.activity?.details ?? "",
  });
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const send = (change: Partial<Choice>) => {
    onClose();
    if (Object.keys(change).length > 0) void setStatusOf(person, change, before);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(changes(before, draft));
  };
  const isClear = before.status === "online" && !before.message && !before.emoji && !before.activity;
  return (
    <form className="form" onSubmit={submit}>
      <p className="muted">{t("status.setText")}</p>
      <fieldset className="status-radios">
        <legend>{t("status.setStatus")}</legend>
        {choices.map((status) => (
          <label key={status} className="status-radio">
            <input type="radio" name="status" checked={draft.status === status} onChange={() => set({ status })} />
            <StatusMark status={status} silent />
            <span>{t(`status.${status}`)}</span>
          </label>
        ))}
      </fieldset>
      <TextField
        label={t("status.setMessage")}
        optional={t("common.optional")}
        maxLength={128}
        value={draft.message}
        onChange={(event) => set({ message: event.target.value })}
      />
      <EmojiRow emoji={draft.emoji} onPick={(emoji) => set({ emoji })} />
      <SelectField
        label={t("status.setUntil")}
        value={draft.until}
        onChange={(event) => set({ until: event.target.value })}
      >
        {before.expiresAt && (
          <option value="keep">
            {t("status.setKeep", { time: absolute(Date.parse(before.expiresAt), Date.now(), of) })}
          </option>
        )}
        {expiries(t)}
      </SelectField>
      <div className="form-grid">
        <TextField
          label={t("status.setActivity")}
          optional={t("common.optional")}
          maxLength={128}
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        <TextField
          label={t("status.setDetails")}
          optional={t("common.optional")}
          maxLength={256}
          value={draft.details}
          disabled={draft.name.trim() === ""}
          onChange={(event) => set({ details: event.target.value })}
        />
      </div>
      <div className="form-actions">
        {!isClear && <Button icon="trash" onClick={() => send(noChoice)}>{t("status.setClear")}</Button>}
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" look="primary">{t("status.setSubmit")}</Button>
      </div>
    </form>
  );
}

interface Draft {
  status: Choice["status"];
  message: string;
  emoji: string;
  until: string;
  name: string;
  details: string;
}

function changes(before: Choice, draft: Draft): Partial<Choice> {
  const message = draft.message.trim() || null;
  const emoji = draft.emoji || null;
  const expiresAt = draft.until === "keep" ? before.expiresAt : expiry(draft.until);
  const says = message !== before.message || emoji !== before.emoji || expiresAt !== before.expiresAt;
  const activity = activityOf(before.activity, draft);
  return {
    ...(draft.status === before.status ? {} : { status: draft.status }),
    // A new message would lose the old one's end: the three go together.
    ...(says ? { message, emoji, expiresAt: message || emoji ? expiresAt : null } : {}),
    ...(activity === before.activity ? {} : { activity }),
  };
}

/** The same object when nothing of it changed: what somebody does goes on since when it began. */
function activityOf(before: Activity | null, draft: Draft): Activity | null {
  const [name, details] = [draft.name.trim(), draft.details.trim() || null];
  if (!name) return null;
  if (before && before.name === name && before.details === details) return before;
  return { name, details, kind: before?.kind ?? null, started_at: before?.name === name ? before.started_at : null };
}
