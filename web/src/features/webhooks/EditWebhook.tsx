import { useMemo, useState } from "react";
import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Dialog } from "../../ui/Dialog";
import { Checkbox, TextField } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { ErrorState, Skeleton } from "../../ui/States";
import { useSession } from "../accounts/session";
import {
  createWebhook,
  editWebhook,
  eventsKey,
  fetchEvents,
  type ShownWebhook,
  type Webhook,
  type WebhookEvent,
} from "./webhooks";

interface EditProps {
  /** Null: a new one. */
  of: Webhook | null;
  onClose: () => void;
  onMade?: (made: ShownWebhook) => void;
}

/** Address, name and events of a webhook. Offers the events that the person may read. */
export function EditWebhook({ of, onClose, onMade }: EditProps) {
  const t = useWords();
  const [url, setUrl] = useState(of?.url ?? "");
  const [name, setName] = useState(of?.name ?? "");
  const [events, setEvents] = useState<readonly string[]>(of?.events ?? []);
  const { busy, problem, submit } = useSubmit({ url, name, events }, async (key) => {
    const wanted = { url: url.trim(), name: name.trim() || null, events: [...events] };
    if (of) {
      const changes = {
        ...(wanted.url === of.url ? {} : { url: wanted.url }),
        ...(wanted.name ? { name: wanted.name } : {}),
      };
      await editWebhook(of, { ...changes, ...(same(wanted.events, of.events) ? {} : { events: wanted.events }) });
      onClose();
    } else {
      onMade?.(await createWebhook(wanted, key));
    }
  });
  return (
    <Dialog title={t(of ? "webhooks.edit" : "webhooks.create")} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField
          label={t("webhooks.url")}
          hint={t("webhooks.urlHint")}
          type="url"
          placeholder="https://"
          autoComplete="off"
          maxLength={2000}
          required
          autoFocus
          value={url}
          fault={problem?.fault("url")}
          onChange={(event) => setUrl(event.target.value)}
        />
        <TextField
          label={t("webhooks.name")}
          hint={t("webhooks.nameHint")}
          autoComplete="off"
          maxLength={100}
          value={name}
          fault={problem?.fault("name")}
          onChange={(event) => setName(event.target.value)}
        />
        <Events chosen={events} onChange={setEvents} />
        {problem?.fault("events") && <p className="fault">{t("webhooks.pickNone")}</p>}
        <FormFoot verb={t(of ? "webhooks.save" : "webhooks.create")} busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());

const groups = ["user", "role", "status", "message", "other"] as const;
type Group = (typeof groups)[number];

const groupOf = ({ type }: WebhookEvent): Group => groups.find((each) => type.startsWith(`${each}.`)) ?? "other";

function Events({ chosen, onChange }: { chosen: readonly string[]; onChange: (events: readonly string[]) => void }) {
  const t = useWords();
  const { permissions } = useSession();
  const { data, problem, reload } = useQuery(eventsKey, fetchEvents);
  const shown = useMemo(() => (data ?? []).filter((each) => permissions.includes(each.permission)), [
    data,
    permissions,
  ]);
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={4} shape="line" />;
  const set = (type: string, on: boolean) =>
    onChange(on ? [...chosen, type].sort() : chosen.filter((each) => each !== type));
  return (
    <>
      {groups.map((group) => {
        const own = shown.filter((each) => groupOf(each) === group);
        return own.length > 0 && (
          <fieldset key={group} className="pick">
            <legend>{t(`webhooks.group.${group}`)}</legend>
            {own.map((each) => (
              <Checkbox
                key={each.type}
                label={each.title}
                hint={<code>{each.type}</code>}
                checked={chosen.includes(each.type)}
                onChange={(event) => set(each.type, event.target.checked)}
              />
            ))}
          </fieldset>
        );
      })}
    </>
  );
}
