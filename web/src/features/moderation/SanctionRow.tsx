import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { invalidate } from "../../lib/query";
import { nameOf } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { useSubmit } from "../../lib/submit";
import { now } from "../../lib/time";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Time } from "../../ui/Time";
import { say } from "../../ui/Toasts";
import { useCan } from "../accounts/session";
import { Avatar } from "../presence/Avatar";
import { iconOf } from "../sanctions/OwnSanctions";
import { holds, type Sanction } from "../sanctions/sanctions";
import { lift } from "./cases";

interface RowProps {
  sanction: Sanction;
  /** Whether to show the person; not on their own page. */
  showsUser?: boolean;
  /** Whether to offer lifting it. */
  lifts?: boolean;
}

/** One sanction, as the team sees it. */
export function SanctionRow({ sanction, showsUser = false, lifts = true }: RowProps) {
  const t = useWords();
  const clock = useStore(now);
  const may = useCan(`moderation.${sanction.kind}`);
  const [asks, setAsks] = useState(false);
  const active = holds(sanction, clock);
  const isOver = sanction.endedAt !== null;
  return (
    <li className={`sanction ${active && sanction.kind !== "warn" && sanction.kind !== "kick" ? "bad" : ""}`}>
      {showsUser && sanction.user ? <Avatar user={sanction.user} /> : <Icon name={iconOf[sanction.kind]} size={18} />}
      <div className="sanction-main">
        <div className="sanction-head">
          {showsUser && (
            sanction.user
              ? (
                <Link href={`/panel/members/${sanction.user.id}/moderation`} className="name">
                  {nameOf(sanction.user)}
                </Link>
              )
              : <span className="name">{t("team.gone")}</span>
          )}
          <b>{t(`sanctions.kind.${sanction.kind}`)}</b>
          {(sanction.kind === "mute" || sanction.kind === "ban") && (
            <span className={`badge ${active ? "bad" : ""}`}>
              {active
                ? sanction.expiresAt
                  ? (
                    <>
                      {t("sanctions.until")} <Time at={sanction.expiresAt} />
                    </>
                  )
                  : t("sanctions.forever")
                : t(`team.end.${(sanction.endReason ?? "expired") as "expired"}`)}
            </span>
          )}
          {sanction.kind === "warn" && isOver && (
            <span className="badge">{t(`team.end.${(sanction.endReason ?? "lifted") as "lifted"}`)}</span>
          )}
        </div>
        <p>{sanction.reason}</p>
        {sanction.note && <p className="tiny muted">{t("team.note")} {sanction.note}</p>}
        <p className="tiny muted">
          <Time at={sanction.issuedAt} /> · {sanction.source === "escalation"
            ? t("team.byRule")
            : sanction.by
            ? t("team.by", { name: nameOf(sanction.by) })
            : t("team.system")}
          {sanction.endNote && <>{" · "}{sanction.endNote}</>}
        </p>
      </div>
      {may && lifts && !isOver && sanction.kind !== "kick" && (active || sanction.kind === "warn") && (
        <Button
          icon="undo"
          onClick={() => setAsks(true)}
        >
          {t("team.lift")}
        </Button>
      )}
      {asks && <LiftDialog sanction={sanction} onClose={() => setAsks(false)} />}
    </li>
  );
}

function LiftDialog({ sanction, onClose }: { sanction: Sanction; onClose: () => void }) {
  const t = useWords();
  const [reason, setReason] = useState("");
  const { busy, problem, submit } = useSubmit({ reason }, async (key) => {
    await lift(sanction, reason, key);
    invalidate("sanctions");
    say("team.said.lifted");
    onClose();
  });
  return (
    <Dialog
      title={t("team.lift.title", { kind: t(`sanctions.kind.${sanction.kind}`) })}
      onClose={onClose}
      width="small"
    >
      <form className="form" onSubmit={submit}>
        <TextArea
          label={t("team.reason")}
          hint={t("team.lift.hint")}
          required
          autoFocus
          maxLength={500}
          value={reason}
          fault={problem?.fault("reason")}
          onChange={(event) => setReason(event.target.value)}
        />
        <FormFoot verb={t("team.lift")} busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
