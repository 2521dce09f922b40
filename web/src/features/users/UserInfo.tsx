import { patch } from "../../lib/api";
import { useForm } from "../../lib/form";
import { useWords } from "../../lib/i18n";
import type { User } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { FormProblem } from "../../ui/States";
import { Time } from "../../ui/Time";
import { say } from "../../ui/Toasts";
import { useCan, useSession } from "../accounts/session";
import { take } from "./people";
import { TagEditor } from "./TagEditor";

type Draft = { display_name: string; email: string };

const draftOf = (user: User): Draft => ({
  display_name: user.display_name ?? "",
  email: user.email ?? "",
});

/** Only what was changed: a merge patch must not write back what somebody else edited meanwhile. */
function changes(from: Draft, to: Draft): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  if (to.display_name.trim() !== from.display_name) changed["display_name"] = to.display_name.trim() || null;
  if (to.email.trim() !== from.email) changed["email"] = to.email.trim();
  return changed;
}

export function UserInfo({ user }: { user: User }) {
  const t = useWords();
  const session = useSession();
  const me = session.user.id === user.id;
  const updates = useCan("users.update");
  return (
    <div className="stack">
      {(updates || me) && <EditForm user={user} />}
      {updates ? <TagEditor user={user} /> : <Tags user={user} />}
      <dl className="facts">
        <div>
          <dt>{t("user.created")}</dt>
          <dd>
            <Time at={user.created_at} />
          </dd>
        </div>
        <div>
          <dt>{t("users.column.seen")}</dt>
          <dd>
            <Time at={user.presence.last_seen_at} />
          </dd>
        </div>
        {user.ban?.reason && (
          <div>
            <dt>{t("user.banReason")}</dt>
            <dd>{user.ban.reason}</dd>
          </div>
        )}
        {user.ban?.until && (
          <div>
            <dt>{t("user.banUntil")}</dt>
            <dd>
              <Time at={user.ban.until} />
            </dd>
          </div>
        )}
        <div>
          <dt>{t("user.id")}</dt>
          <dd>
            <code>{user.id}</code>
          </dd>
        </div>
      </dl>
    </div>
  );
}

function Tags({ user }: { user: User }) {
  const t = useWords();
  if (user.tags.length === 0) return null;
  return (
    <div className="chips" aria-label={t("user.tags")}>
      {user.tags.map((tag) => <span key={tag} className="chip">{tag}</span>)}
    </div>
  );
}

function EditForm({ user }: { user: User }) {
  const t = useWords();
  const readsEmail = useCan("users.email");
  const seesEmail = readsEmail || user.email !== null;
  const saved = draftOf(user);
  const form = useForm<Draft>({
    saved,
    send: async (draft, key) => {
      const askedAt = Date.now();
      take(await patch(`/users/${user.id}`, changes(saved, draft), { key }), askedAt);
      say("users.saved");
    },
  });
  const [name, email] = [form.field("display_name"), form.field("email")];
  return (
    <form ref={form.ref} className="form" onSubmit={form.submit}>
      <TextField
        label={t("user.displayName")}
        placeholder={user.username}
        value={name.value}
        fault={name.fault}
        onChange={name.onChange}
      />
      {seesEmail && (
        <TextField
          label={t("user.email")}
          type="email"
          value={email.value}
          fault={email.fault}
          onChange={email.onChange}
        />
      )}
      <FormProblem problem={form.problem} />
      <div className="form-actions start">
        <Button type="submit" look="primary" busy={form.busy} disabled={!form.isDirty}>{t("common.save")}</Button>
        {form.isDirty && <Button look="quiet" onClick={form.reset}>{t("common.cancel")}</Button>}
      </div>
    </form>
  );
}
