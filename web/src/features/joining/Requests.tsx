import { useEffect, useState } from "react";
import { useWords } from "../../lib/i18n";
import { usePages } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { Icon } from "../../ui/Icon";
import { More } from "../../ui/More";
import { EmptyState, ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { say } from "../../ui/Toasts";
import { decide, fetchRequests, followRequests, type Request, requestsKey } from "./joining";

/** Those who wait for the team, the oldest first. */
export function Requests() {
  const t = useWords();
  const list = usePages(requestsKey, fetchRequests);
  const [refusing, setRefusing] = useState<Request | null>(null);
  useEffect(followRequests, []);
  if (list.problem && !list.pages) return <ErrorState problem={list.problem} onRetry={list.reload} />;
  if (!list.pages) return <Skeleton rows={3} />;
  if (list.pages.items.length === 0) {
    return <EmptyState icon="members" title={t("requests.none.title")} text={t("requests.none.text")} />;
  }
  return (
    <div className="stack settings-list">
      <ul role="list" className="rows" aria-label={t("joining.tab.requests")}>
        {list.pages.items.map((request) => <Row key={request.id} of={request} onRefuse={() => setRefusing(request)} />)}
      </ul>
      <More list={list} />
      {refusing && <Refuse of={refusing} onClose={() => setRefusing(null)} />}
    </div>
  );
}

function Row({ of, onRefuse }: { of: Request; onRefuse: () => void }) {
  const t = useWords();
  const { busy, problem, submit } = useSubmit(of.id, async (key) => {
    await decide(of, "approve", "", key);
    say("requests.approved", { user: of.name });
  });
  return (
    <li className="row top wrap">
      <span className="row-icon">
        <Icon name="user" size={18} />
      </span>
      <div className="row-main">
        <div className="row-title">
          <span className="cut">{of.name}</span>
          <span className="muted tiny">@{of.username}</span>
        </div>
        <div className="tiny muted key-facts">
          {of.email && <span className="cut">{of.email}</span>}
          {of.verifiedAt && <span className="badge ok">{t("requests.verified")}</span>}
          <span>
            {t("requests.asked")} <Time at={of.createdAt} />
          </span>
        </div>
        {of.message && <p className="request-message">{of.message}</p>}
        <FormProblem problem={problem} />
      </div>
      <div className="form-actions">
        <Button onClick={onRefuse} aria-label={t("requests.refuseOne", { user: of.name })}>
          {t("requests.refuse")}
        </Button>
        <Button
          look="primary"
          busy={busy}
          onClick={() => submit()}
          aria-label={t("requests.approveOne", { user: of.name })}
        >
          {t("requests.approve")}
        </Button>
      </div>
    </li>
  );
}

/** No, and why: the person reads the reason. */
function Refuse({ of, onClose }: { of: Request; onClose: () => void }) {
  const t = useWords();
  const [reason, setReason] = useState("");
  const { busy, problem, submit } = useSubmit(reason, async (key) => {
    await decide(of, "refuse", reason.trim(), key);
    say("requests.refused", { user: of.name });
    onClose();
  });
  return (
    <Dialog title={t("requests.refuseOne", { user: of.name })} onClose={onClose} width="small">
      <form className="form" onSubmit={submit}>
        <TextArea
          label={t("audit.reason")}
          hint={t("requests.reasonHint")}
          required
          maxLength={500}
          value={reason}
          fault={problem?.fault("reason")}
          onChange={(event) => setReason(event.target.value)}
        />
        <FormFoot verb={t("requests.refuse")} look="danger" busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
