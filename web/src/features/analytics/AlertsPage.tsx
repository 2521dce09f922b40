import { useState } from "react";
import { del, get, patch, post } from "../../lib/api";
import { useLanguage, useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { invalidate, useQuery } from "../../lib/query";
import { asList, asRaw } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { useStore } from "../../lib/store";
import { now } from "../../lib/time";
import { Confirm } from "../../ui/Confirm";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Menu } from "../../ui/Menu";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { sayProblem } from "../../ui/Toasts";
import { useCan } from "../accounts/session";
import { type Alert, isSilenced, readTransition, type Transition, useAlerts } from "./alerts";
import { formatsOf } from "./format";

/** All alerts with their states. */
export function AlertsPage() {
  const t = useWords();
  const { data, problem, reload } = useAlerts();
  const manages = useCan("alerts.manage");
  const create = (
    <Link href="/panel/alerts/new" className="btn btn-primary">
      <Icon name="plus" />
      <span>{t("alerts.create")}</span>
    </Link>
  );
  return (
    <Page
      title={t("nav.alerts")}
      after={data && data.length > 0 && <Tally alerts={data} />}
      actions={manages && create}
    >
      {problem && !data && <ErrorState problem={problem} onRetry={reload} />}
      {!data && !problem && <Skeleton rows={5} />}
      {data?.length === 0 && (
        <EmptyState icon="warning" title={t("alerts.none.title")} text={t("alerts.none.text")}>
          {manages && create}
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <section className="card" aria-label={t("nav.alerts")}>
          <ul className="alerts" role="list">
            {data.map((alert) => <AlertRow key={alert.id} alert={alert} manages={manages} />)}
          </ul>
        </section>
      )}
      {data && <History />}
    </Page>
  );
}

function Tally({ alerts }: { alerts: readonly Alert[] }) {
  const t = useWords();
  const count = (state: Alert["state"]) => alerts.filter((alert) => alert.enabled && alert.state === state).length;
  const [firing, pending] = [count("firing"), count("pending")];
  const parts = [
    ...(firing > 0 ? [t("alerts.tally.firing", { count: firing })] : []),
    ...(pending > 0 ? [t("alerts.tally.pending", { count: pending })] : []),
    t("alerts.tally.all", { count: alerts.length }),
  ];
  return <span className="small muted num" role="status">{parts.join(" · ")}</span>;
}

function AlertRow({ alert, manages }: { alert: Alert; manages: boolean }) {
  const t = useWords();
  const format = formatsOf(useLanguage());
  const clock = useStore(now);
  const [deleting, setDeleting] = useState(false);
  const silenced = isSilenced(alert, clock);
  const look = !alert.enabled ? "off" : silenced ? "silenced" : alert.state;
  const done = async (change: Promise<unknown>) => {
    try {
      await change;
    } catch (error) {
      sayProblem(asProblem(error));
    }
    invalidate("alerts");
  };
  const silence = (hours: number | null) =>
    void done(
      post(`/alerts/${alert.id}/silence`, {
        until: hours === null ? null : new Date(Date.now() + hours * 3_600_000).toISOString(),
      }),
    );
  return (
    <li className={`alert-row ${look}`}>
      <span className={`alert-mark ${look}`} role="img" aria-label={t(`alerts.look.${look}`)} />
      <div className="alert-name">
        <Link href={`/panel/alerts/${alert.id}`} className="name">{alert.name}</Link>
        <code className="cut">{alert.expression}</code>
        {alert.error && <p className="fault">{alert.error}</p>}
      </div>
      <span className="alert-value num">
        <b>{alert.value === null ? "–" : format.unit(alert.value, alert.unit)}</b>
        <span className="tiny muted">
          {t(`alerts.look.${look}`)}
          {look === "silenced" && alert.silencedUntil &&
            ` · ${t("alerts.until", { time: format.moment(Date.parse(alert.silencedUntil)) })}`}
          {look !== "silenced" && alert.enabled && (
            <>
              {" · "}
              <Time at={alert.since} />
            </>
          )}
          {alert.flapping && ` · ${t("alerts.flapping")}`}
        </span>
      </span>
      {manages && (
        <Menu
          label={t("alerts.more", { name: alert.name })}
          items={[
            { label: t("alerts.edit"), icon: "edit", onSelect: () => navigate(`/panel/alerts/${alert.id}`) },
            ...(silenced ? [{ label: t("alerts.unsilence"), icon: "bell" as const, onSelect: () => silence(null) }] : [
              { label: t("alerts.silence.hour"), icon: "bellOff" as const, onSelect: () => silence(1) },
              { label: t("alerts.silence.eight"), icon: "bellOff" as const, onSelect: () => silence(8) },
              { label: t("alerts.silence.day"), icon: "bellOff" as const, onSelect: () => silence(24) },
            ]),
            {
              label: t(alert.enabled ? "alerts.disable" : "alerts.enable"),
              icon: alert.enabled ? "pause" as const : "play" as const,
              onSelect: () => void done(patch(`/alerts/${alert.id}`, { enabled: !alert.enabled })),
            },
            { label: t("alerts.delete"), icon: "trash", danger: true, onSelect: () => setDeleting(true) },
          ]}
        />
      )}
      {deleting && (
        <Confirm
          title={t("alerts.delete.title", { name: alert.name })}
          text={t("alerts.delete.text")}
          verb={t("alerts.delete")}
          onClose={() => setDeleting(false)}
          run={async () => {
            await del(`/alerts/${alert.id}`);
            invalidate("alerts");
          }}
        />
      )}
    </li>
  );
}

/** The transitions of all alerts. */
function History() {
  const t = useWords();
  const { data } = useQuery<readonly Transition[]>(
    "alerts:history",
    async (signal) => asList(asRaw(await get("/alerts/history", { limit: 30 }, signal))["items"]).map(readTransition),
    { about: ["alerts"] },
  );
  if (!data || data.length === 0) return null;
  return (
    <section className="alert-history" aria-labelledby="alert-history">
      <h2 id="alert-history" className="group-title">{t("alerts.history")}</h2>
      <ul className="card key-events framed" role="list">
        {data.map((each) => (
          <li key={each.id}>
            <span className={`event-mark ${each.state === "firing" ? "bad" : "good"}`}>
              <Icon name={each.state === "firing" ? "warning" : "check"} />
            </span>
            <p>
              <b>{each.name ?? t("alerts.deleted")}</b>
              {each.series && ` (${each.series})`} {t(`alerts.became.${each.state}`)}
            </p>
            <span className="tiny muted num">
              <Time at={each.at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
