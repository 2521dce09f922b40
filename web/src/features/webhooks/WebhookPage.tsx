import { useEffect, useState } from "react";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { invalidate, usePages, useQuery } from "../../lib/query";
import { navigate } from "../../lib/router";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Dialog } from "../../ui/Dialog";
import { FilterSelect } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Menu } from "../../ui/Menu";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Segmented } from "../../ui/Segmented";
import { EmptyState, ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { say, sayProblem } from "../../ui/Toasts";
import { DeliveryDialog, DeliveryState } from "./DeliveryDialog";
import { EditWebhook } from "./EditWebhook";
import { WebhookSecret } from "./WebhookSecret";
import { WebhookState } from "./WebhookState";
import {
  deleteWebhook,
  deliveriesKey,
  type Delivery,
  type DeliveryState as DeliveryStateName,
  deliveryStates,
  editWebhook,
  fetchDeliveries,
  fetchWebhook,
  resumeWebhook,
  rotateSecret,
  type ShownWebhook,
  testWebhook,
  type Webhook,
  webhookKey,
  webhooksKey,
} from "./webhooks";

type DeliveryFilter = DeliveryStateName | "all";
type Asks = "edit" | "delete" | "rotate" | "resume" | null;

/** One webhook: its state, its settings and its deliveries. */
export function WebhookPage({ id }: { id: string }) {
  const t = useWords();
  const { data, problem, reload } = useQuery(webhookKey(id), () => fetchWebhook(id), { about: [webhooksKey] });
  const back = (
    <Link href="/panel/webhooks" className="icon-btn" aria-label={t("webhooks.back")} title={t("webhooks.back")}>
      <Icon name="left" />
    </Link>
  );
  return (
    <Page
      title={data?.name ?? t("webhooks.title")}
      before={back}
      after={data && <WebhookState of={data} />}
      actions={data && <Actions of={data} />}
    >
      {problem && !data
        ? <ErrorState problem={problem} onRetry={reload} />
        : !data
        ? <Skeleton rows={6} />
        : (
          <div className="stack webhooks">
            <Summary of={data} />
            <Deliveries of={data} />
          </div>
        )}
    </Page>
  );
}

function Actions({ of }: { of: Webhook }) {
  const t = useWords();
  const [asks, setAsks] = useState<Asks>(null);
  const [shown, setShown] = useState<ShownWebhook | null>(null);
  const close = () => setAsks(null);
  const fail = (error: unknown) => sayProblem(asProblem(error));
  const resume = () => (of.pending > 0 ? setAsks("resume") : void resumeWebhook(of, false).catch(fail));
  return (
    <>
      {of.isPaused
        ? <Button icon="play" look="primary" onClick={resume}>{t("webhooks.resume")}</Button>
        : (
          <Button icon="send" onClick={() => void testWebhook(of).then(() => say("webhooks.tested"), fail)}>
            {t("webhooks.test")}
          </Button>
        )}
      <Menu
        label={t("webhooks.actions", { name: of.name })}
        items={[
          { label: t("webhooks.edit"), icon: "edit", onSelect: () => setAsks("edit") },
          ...(of.isPaused ? [] : [{
            label: t("webhooks.pause"),
            icon: "ban" as const,
            onSelect: () => void editWebhook(of, { enabled: false }).catch(fail),
          }]),
          { label: t("webhooks.rotate"), icon: "undo", onSelect: () => setAsks("rotate") },
          { label: t("webhooks.delete"), icon: "trash", danger: true, onSelect: () => setAsks("delete") },
        ]}
      />
      {asks === "edit" && <EditWebhook of={of} onClose={close} />}
      {asks === "resume" && <Resume of={of} onClose={close} />}
      {asks === "rotate" && (
        <Confirm
          title={t("webhooks.rotateTitle", { name: of.name })}
          text={t("webhooks.rotateText")}
          verb={t("webhooks.rotate")}
          run={async () => setShown(await rotateSecret(of))}
          onClose={close}
        />
      )}
      {asks === "delete" && (
        <Confirm
          title={t("webhooks.deleteTitle", { name: of.name })}
          text={t("webhooks.deleteText")}
          verb={t("webhooks.delete")}
          run={async () => {
            await deleteWebhook(of);
            say("webhooks.deleted");
            navigate("/panel/webhooks", { replace: true });
          }}
          onClose={close}
        />
      )}
      {shown && <WebhookSecret shown={shown} onClose={() => setShown(null)} />}
    </>
  );
}

/** Asks what becomes of the deliveries that wait. */
function Resume({ of, onClose }: { of: Webhook; onClose: () => void }) {
  const t = useWords();
  const [skip, setSkip] = useState(false);
  const { busy, problem, submit } = useSubmit(skip, async () => {
    await resumeWebhook(of, skip);
    onClose();
  });
  return (
    <Dialog
      title={t("webhooks.resumeTitle", { name: of.name })}
      onClose={onClose}
      width="small"
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button look="primary" busy={busy} onClick={() => submit()}>{t("webhooks.resume")}</Button>
        </>
      }
    >
      <div className="stack tight">
        <p>{t("webhooks.resumeText", { count: of.pending })}</p>
        <Segmented
          legend={t("webhooks.resumeText", { count: of.pending })}
          value={skip ? "skip" : "send"}
          onChange={(value) => setSkip(value === "skip")}
          segments={[{ value: "send", label: t("webhooks.resumeSend") }, {
            value: "skip",
            label: t("webhooks.resumeSkip"),
          }]}
        />
        <FormProblem problem={problem} />
      </div>
    </Dialog>
  );
}

function Summary({ of }: { of: Webhook }) {
  const t = useWords();
  return (
    <section className="stack tight">
      {of.isPaused && of.reason && (
        <p className="notice">
          <Icon name="info" />
          {t(`webhooks.paused.${of.reason}`)}
        </p>
      )}
      {!of.isPaused && of.failingSince && (
        <p className="notice">
          <Icon name="info" />
          <span>
            {t("webhooks.failingText")} <Time at={of.retryAt} />
          </span>
        </p>
      )}
      <code className="webhook-url">{of.url}</code>
      <div className="chips">{of.events.map((each) => <code key={each}>{each}</code>)}</div>
      {of.previousUntil && (
        <p className="tiny muted">
          {t("webhooks.overlap")} <Time at={of.previousUntil} />
        </p>
      )}
    </section>
  );
}

function Deliveries({ of }: { of: Webhook }) {
  const t = useWords();
  const [filter, setFilter] = useState<DeliveryFilter>("all");
  const [open, setOpen] = useState<Delivery | null>(null);
  const list = usePages<Delivery>(deliveriesKey(of.id, filter), (cursor) => fetchDeliveries(of.id, filter, cursor), {
    about: [webhooksKey],
  });
  // A delivery is sent within a moment, then its outcome is known.
  const waits = list.pages?.items.some(({ state }) => state === "pending") ?? false;
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setInterval(() => invalidate(webhooksKey), 3_000);
    return () => clearInterval(timer);
  }, [waits]);
  const items = list.pages?.items;
  return (
    <section className="stack">
      <h2>{t("webhooks.deliveries")}</h2>
      <FilterSelect
        label={t("webhooks.filter")}
        value={filter === "all" ? "" : filter}
        onChange={({ target }) => setFilter(deliveryStates.find((each) => each === target.value) ?? "all")}
      >
        <option value="">{t("webhooks.state.all")}</option>
        {deliveryStates.map((value) => <option key={value} value={value}>{t(`webhooks.state.${value}`)}</option>)}
      </FilterSelect>
      {list.problem && !items
        ? <ErrorState problem={list.problem} onRetry={list.reload} />
        : !items
        ? <Skeleton rows={5} />
        : items.length === 0
        ? (
          <EmptyState
            icon="external"
            title={t("webhooks.deliveriesNone.title")}
            text={t("webhooks.deliveriesNone.text")}
          />
        )
        : (
          <ul role="list" className="rows" aria-label={t("webhooks.deliveries")}>
            {items.map((each) => <Row key={each.id} of={each} onOpen={() => setOpen(each)} />)}
          </ul>
        )}
      <More list={list} />
      {open && <DeliveryDialog id={open.id} onClose={() => setOpen(null)} />}
    </section>
  );
}

function Row({ of, onOpen }: { of: Delivery; onOpen: () => void }) {
  const t = useWords();
  return (
    <li className="row webhook-row">
      <div className="row-main">
        <div className="row-title">
          <button type="button" className="textlink row-link" onClick={onOpen}>
            <code>{of.type}</code>
          </button>
          <DeliveryState of={of} />
          {of.isReplay && <span className="badge">{t("webhooks.replayed")}</span>}
        </div>
        <div className="tiny muted webhook-facts">
          <Time at={of.createdAt} />
          {of.attempts > 0 && <span>{t("webhooks.attempts", { count: of.attempts })}</span>}
          {of.ms !== null && <span className="num">{t("webhooks.ms", { count: of.ms })}</span>}
          {of.state !== "delivered" && of.status === null && of.error && <span className="cut">{of.error}</span>}
          {of.state === "pending" && of.attempts > 0 && (
            <span>
              {t("webhooks.next")} <Time at={of.nextAt} />
            </span>
          )}
        </div>
      </div>
    </li>
  );
}
