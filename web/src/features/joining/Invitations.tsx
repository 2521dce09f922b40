import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { usePages, useQuery } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { More } from "../../ui/More";
import { Secret } from "../../ui/Secret";
import { EmptyState, ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { Time, Until } from "../../ui/Time";
import { say } from "../../ui/Toasts";
import { doorKey, fetchDoor } from "../accounts/door";
import { useCan } from "../accounts/session";
import { RoleChips } from "../roles/RoleChip";
import { CreateInvitation } from "./CreateInvitation";
import {
  fetchInvitations,
  fetchSettings,
  type Invitation,
  invitationsKey,
  revokeInvitation,
  saveSettings,
} from "./joining";

/** The links that are out, the newest first. */
export function Invitations() {
  const t = useWords();
  const list = usePages(invitationsKey, fetchInvitations);
  const [creating, setCreating] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  const { data: door } = useQuery(doorKey, fetchDoor);
  const isClosed = door?.mode === "closed";
  if (list.problem && !list.pages) return <ErrorState problem={list.problem} onRetry={list.reload} />;
  if (!list.pages) return <Skeleton rows={3} />;
  return (
    <div className="stack settings-list">
      {isClosed && <ClosedNotice />}
      <div className="form-actions start">
        <Button icon="plus" look="primary" onClick={() => setCreating(true)}>{t("invite.create")}</Button>
      </div>
      {list.pages.items.length === 0
        ? <EmptyState icon="members" title={t("invite.none.title")} text={t("invite.none.text")} />
        : (
          <ul role="list" className="rows" aria-label={t("joining.tab.invitations")}>
            {list.pages.items.map((each) => (
              <Row
                key={each.id}
                of={each}
                isClosed={isClosed}
                onRevoke={() => setRevoking(each)}
              />
            ))}
          </ul>
        )}
      <More list={list} />
      {creating && (
        <CreateInvitation
          onClose={() => setCreating(false)}
          onMade={(made) => {
            setCreating(false);
            setLink(made);
          }}
        />
      )}
      {link && (
        <Dialog
          title={t("invite.made")}
          onClose={() => setLink(null)}
          actions={<Button look="primary" onClick={() => setLink(null)}>{t("invite.kept")}</Button>}
        >
          <div className="stack tight">
            <p className="notice">
              <Icon name="info" />
              {t("invite.once")}
            </p>
            <Secret label={t("invite.link")} text={link} />
            {isClosed && <ClosedNotice />}
          </div>
        </Dialog>
      )}
      {revoking && (
        <Confirm
          title={t("invite.revokeTitle")}
          text={t("invite.revokeText")}
          verb={t("keys.revoke")}
          run={async () => {
            await revokeInvitation(revoking.id);
            say("invite.revoked");
          }}
          onClose={() => setRevoking(null)}
        />
      )}
    </div>
  );
}

/** A link leads nowhere while nobody may join: says so, and offers to change it. */
function ClosedNotice() {
  const t = useWords();
  const manages = useCan("settings.manage");
  const { busy, problem, submit } = useSubmit(null, async (key) => {
    const { version } = await fetchSettings();
    await saveSettings({ registration_mode: "invitation" }, version, key);
    say("door.saved");
  });
  return (
    <div className="notice wrap" role="note">
      <Icon name="warning" />
      <span>{t("invite.closed")}</span>
      {manages && <Button busy={busy} onClick={() => submit()}>{t("invite.open")}</Button>}
      <FormProblem problem={problem} />
    </div>
  );
}

interface RowProps {
  of: Invitation;
  isClosed: boolean;
  onRevoke: () => void;
}

function Row({ of, isClosed, onRevoke }: RowProps) {
  const t = useWords();
  const name = of.note ?? t("invite.unnamed");
  return (
    <li className="row top">
      <span className="row-icon">
        <Icon name="globe" size={18} />
      </span>
      <div className="row-main">
        <div className="row-title">
          <span className="cut">{name}</span>
          {of.state === "active" && isClosed
            ? <span className="badge warn">{t("invite.state.closed")}</span>
            : <span className={`badge ${of.state === "active" ? "ok" : ""}`}>{t(`invite.state.${of.state}`)}</span>}
        </div>
        <div className="tiny muted key-facts">
          <span className="num">
            {of.maxUses === null
              ? t("invite.uses", { count: of.uses })
              : t("invite.usesOf", { uses: of.uses, most: of.maxUses })}
          </span>
          <Until at={of.expiresAt} />
          <span>
            {of.by ? t("invite.by", { name: of.by }) : t("invite.byGone")} · <Time at={of.createdAt} />
          </span>
        </div>
        {of.roles.length > 0 && <RoleChips ids={of.roles} most={4} />}
      </div>
      {of.state === "active" && (
        <Button onClick={onRevoke} aria-label={t("invite.revokeOne", { name })}>{t("keys.revoke")}</Button>
      )}
    </li>
  );
}
