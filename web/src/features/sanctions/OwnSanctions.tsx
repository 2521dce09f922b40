import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { useStore } from "../../lib/store";
import { useSubmit } from "../../lib/submit";
import { now } from "../../lib/time";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { Icon, type IconName } from "../../ui/Icon";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { say, sayProblem } from "../../ui/Toasts";
import { acknowledge, appeal, holds, type Kind, type Sanction, useOwnSanctions } from "./sanctions";

export const iconOf: Record<Kind, IconName> = { warn: "warning", mute: "bellOff", kick: "out", ban: "ban" };

/** My sanctions: reason, end, and the button to appeal. */
export function OwnSanctions() {
  const t = useWords();
  const { data, problem, reload } = useOwnSanctions();
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={3} shape="card" />;
  if (data.length === 0) {
    return <EmptyState icon="shield" title={t("sanctions.none.title")} text={t("sanctions.none.text")} />;
  }
  return (
    <ul role="list" className="sanctions" aria-label={t("sanctions.title")}>
      {data.map((each) => <Own key={each.id} sanction={each} />)}
    </ul>
  );
}

function Own({ sanction }: { sanction: Sanction }) {
  const t = useWords();
  const clock = useStore(now);
  const [appeals, setAppeals] = useState(false);
  const active = holds(sanction, clock);
  const mayAppeal = sanction.appeal === null && sanction.appealUntil !== null &&
    Date.parse(sanction.appealUntil) > clock;
  const title = t(`sanctions.own.${sanction.kind}`);
  return (
    <li className={`sanction ${active && sanction.kind !== "warn" ? "bad" : ""}`}>
      <Icon name={iconOf[sanction.kind]} size={18} />
      <div className="sanction-main">
        <div className="sanction-head">
          <b>{title}</b>
          <State sanction={sanction} active={active} />
        </div>
        <p>{sanction.reason}</p>
        {sanction.content && (
          <figure className="sanction-content">
            <figcaption className="tiny muted">{t("sanctions.content")}</figcaption>
            <blockquote>{sanction.content}</blockquote>
          </figure>
        )}
        <p className="tiny muted">
          <Time at={sanction.issuedAt} /> · {t(sanction.source === "person" ? "sanctions.byTeam" : "sanctions.byRule")}
        </p>
        {sanction.appeal && (
          <div className="sanction-answer">
            <b>{t(`sanctions.appeal.${sanction.appeal.state}`)}</b>
            {sanction.appeal.text && <blockquote>{sanction.appeal.text}</blockquote>}
            {sanction.appeal.answer && <p>{sanction.appeal.answer}</p>}
          </div>
        )}
        <div className="sanction-acts">
          {sanction.kind === "warn" && sanction.acknowledgedAt === null && sanction.endedAt === null && (
            <Button
              look="primary"
              icon="check"
              onClick={() => void acknowledge(sanction).catch((error) => sayProblem(asProblem(error)))}
            >
              {t("sanctions.acknowledge")}
            </Button>
          )}
          {mayAppeal && <Button icon="reply" onClick={() => setAppeals(true)}>{t("sanctions.appeal")}</Button>}
        </div>
      </div>
      {appeals && <AppealDialog sanction={sanction} onClose={() => setAppeals(false)} />}
    </li>
  );
}

function State({ sanction, active }: { sanction: Sanction; active: boolean }) {
  const t = useWords();
  if (sanction.endReason === "appealed" || sanction.endReason === "lifted") {
    return <span className="badge">{t("sanctions.state.takenBack")}</span>;
  }
  if (sanction.kind === "warn" || sanction.kind === "kick") return null;
  if (!active) return <span className="badge">{t("sanctions.state.over")}</span>;
  return (
    <span className="badge bad">
      {sanction.expiresAt
        ? (
          <>
            {t("sanctions.until")} <Time at={sanction.expiresAt} />
          </>
        )
        : t("sanctions.forever")}
    </span>
  );
}

function AppealDialog({ sanction, onClose }: { sanction: Sanction; onClose: () => void }) {
  const t = useWords();
  const [text, setText] = useState("");
  const { busy, problem, submit } = useSubmit({ text }, async (key) => {
    await appeal(sanction, text, key);
    say("sanctions.said.appealed");
    onClose();
  });
  return (
    <Dialog title={t("sanctions.appeal")} onClose={onClose} width="small">
      <form className="form" onSubmit={submit}>
        <p className="muted">{t("sanctions.appeal.lead")}</p>
        <TextArea
          label={t("sanctions.appeal.text")}
          required
          autoFocus
          rows={5}
          maxLength={2000}
          value={text}
          fault={problem?.fault("text")}
          onChange={(event) => setText(event.target.value)}
        />
        <FormFoot verb={t("sanctions.appeal.submit")} busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
