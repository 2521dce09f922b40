import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { say } from "../../ui/Toasts";
import { type Delivery, deliveryKey, fetchDelivery, replayDelivery, webhooksKey } from "./webhooks";

const looks = { pending: "warn", delivered: "ok", failed: "bad", skipped: "" } as const;

/** The state of a delivery, with the status of the last response. */
export function DeliveryState({ of }: { of: Delivery }) {
  const t = useWords();
  return (
    <span className={`badge ${looks[of.state]}`}>
      {t(`webhooks.is.${of.state}`)}
      {of.status !== null && ` · ${of.status}`}
    </span>
  );
}

/** The request of a delivery and each attempt. */
export function DeliveryDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useWords();
  const { data, problem, reload } = useQuery(deliveryKey(id), () => fetchDelivery(id), { about: [webhooksKey] });
  const sending = useSubmit(id, async () => {
    if (!data) return;
    await replayDelivery(data.delivery);
    say("webhooks.replayedSaid");
    onClose();
  });
  return (
    <Dialog
      title={t("webhooks.delivery")}
      onClose={onClose}
      actions={data && data.delivery.state !== "pending" &&
        <Button busy={sending.busy} onClick={() => sending.submit()}>{t("webhooks.replay")}</Button>}
    >
      {problem && !data
        ? <ErrorState problem={problem} onRetry={reload} />
        : !data
        ? <Skeleton rows={4} shape="line" />
        : (
          <div className="stack">
            <div className="webhook-facts">
              <code>{data.delivery.type}</code>
              <DeliveryState of={data.delivery} />
              <Time at={data.delivery.createdAt} />
            </div>
            <section className="stack tight">
              <h3>{t("webhooks.request")}</h3>
              {data.request === null
                ? <p className="muted">{t("webhooks.noRequest")}</p>
                : <pre className="webhook-body" tabIndex={0}>{indented(data.request)}</pre>}
              <p className="tiny muted cut">webhook-id: {data.delivery.id}</p>
            </section>
            <section className="stack tight">
              <h3>{t("webhooks.log")}</h3>
              <ol role="list" className="rows" aria-label={t("webhooks.log")}>
                {data.log.map((each) => (
                  <li key={each.attempt} className="row top">
                    <div className="row-main">
                      <div className="row-title">
                        <span className="num">{each.status ?? t("webhooks.noAnswer")}</span>
                        <span className="tiny muted num">{t("webhooks.ms", { count: each.ms })}</span>
                        <span className="tiny muted">
                          <Time at={each.at} />
                        </span>
                      </div>
                      {each.status === null && each.error && <p className="tiny muted">{each.error}</p>}
                      {each.answer && <pre className="webhook-body" tabIndex={0}>{each.answer}</pre>}
                    </div>
                  </li>
                ))}
              </ol>
            </section>
            <FormProblem problem={sending.problem} />
          </div>
        )}
    </Dialog>
  );
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
