import { useLanguage, useWords } from "../../lib/i18n";
import type { Alert } from "./alerts";
import { ghost, rateOf } from "./Cards";
import { Chart, ChartCard } from "./Chart";
import { formatsOf } from "./format";
import type { Comparison, Live } from "./measures";

interface Props {
  live: Live;
  alerts: readonly Alert[];
  cursor: number | null;
}

/** Median, 95th and 99th percentile of the answers. */
export function LatencyChart({ live, comparison, alerts, cursor }: Props & { comparison: Comparison }) {
  const t = useWords();
  const format = formatsOf(useLanguage());
  const { windows, total } = live;
  const past = comparison === "none" ? undefined : ghost(live, ({ p95 }) => p95, null);
  const shown = (value: number | null) => (value === null ? "–" : format.milliseconds(value));
  const threshold = alerts.find(({ metric }) => metric === "latency_p95" || metric === "latency_p99")?.threshold ??
    null;
  const isNear = threshold !== null && threshold <= Math.max(...windows.map(({ p99 }) => p99 ?? 0), 1) * 4;
  const pastLabel = t(comparison === "yesterday" ? "analytics.p95.yesterday" : "analytics.p95.last_week");
  return (
    <ChartCard
      title={t("analytics.latency")}
      aside={
        <ul className="chart-legend" role="list">
          <li>
            <i className="light" />p50
          </li>
          <li>
            <i />p95
          </li>
          <li>
            <i className="dashed" />p99
          </li>
          {past && (
            <li>
              <i className="past" />
              {pastLabel}
            </li>
          )}
        </ul>
      }
      table={{
        heads: [t("analytics.time"), "p50", "p95", "p99"],
        rows: () =>
          [...windows].reverse().map((
            { start, p50, p95, p99 },
          ) => [format.clock(start), shown(p50), shown(p95), shown(p99)]),
      }}
    >
      <Chart
        times={windows.map(({ start }) => start)}
        lines={[
          ...(past ? [{ label: pastLabel, values: past, color: "var(--line-strong)", look: "past" as const }] : []),
          { label: "p50", values: windows.map(({ p50 }) => p50), color: "var(--c2)", look: "light" },
          { label: "p95", values: windows.map(({ p95 }) => p95), color: "var(--c2)", filled: true },
          { label: "p99", values: windows.map(({ p99 }) => p99), color: "var(--c2)", look: "dashed" },
        ]}
        format={format.milliseconds}
        summary={t("analytics.latency.summary", {
          p50: shown(total.p50),
          p95: shown(total.p95),
          p99: shown(total.p99),
        })}
        threshold={isNear
          ? { value: threshold, label: t("analytics.threshold", { value: format.milliseconds(threshold) }) }
          : null}
        cursor={cursor}
      />
    </ChartCard>
  );
}

/** How many answers took how long. */
export function ResponseTimes({ live }: { live: Live }) {
  const t = useWords();
  const format = formatsOf(useLanguage());
  const { histogram, total } = live;
  const most = Math.max(1, ...histogram.map(({ count }) => count));
  const all = histogram.reduce((sum, { count }) => sum + count, 0);
  const shown = (value: number | null) => (value === null ? "–" : format.milliseconds(value));
  const label = (below: number | null) =>
    below === null ? "+" : below < 1000 ? format.count(below) : `${format.count(below / 1000)}\u00a0s`;
  return (
    <ChartCard
      title={t("analytics.times")}
      table={{
        heads: [t("analytics.below"), t("analytics.requests")],
        rows: () =>
          histogram.map((
            { below, count },
          ) => [below === null ? t("analytics.more") : `< ${format.milliseconds(below)}`, format.count(count)]),
      }}
    >
      <div
        className="histogram"
        role="img"
        aria-label={t("analytics.latency.summary", {
          p50: shown(total.p50),
          p95: shown(total.p95),
          p99: shown(total.p99),
        })}
      >
        {histogram.map(({ below, count }) => (
          <span key={below ?? "rest"} className="histogram-bar" aria-hidden="true">
            <i style={{ height: `${(count / most) * 100}%` }} />
            <span className="num">{label(below)}</span>
          </span>
        ))}
      </div>
      <p className="tiny muted num">{t("analytics.times.foot", { count: all })}</p>
    </ChartCard>
  );
}

/** The share of answers that failed. */
export function ErrorChart({ live, alerts, cursor }: Props) {
  const t = useWords();
  const format = formatsOf(useLanguage());
  const { windows } = live;
  const threshold = alerts.find(({ metric }) => metric === "error_rate")?.threshold ?? null;
  const rate = rateOf(windows);
  return (
    <ChartCard
      title={t("analytics.errors")}
      table={{
        heads: [t("analytics.time"), t("analytics.requests"), t("analytics.errors"), t("analytics.clientErrors")],
        rows: () =>
          [...windows].reverse().map(({ start, requests, errors, clientErrors }) => [
            format.clock(start),
            ...[requests, errors, clientErrors].map((value) => (value === null ? "–" : format.count(value))),
          ]),
      }}
    >
      <Chart
        small
        times={windows.map(({ start }) => start)}
        lines={[{ label: "", values: windows.map(({ errorRate }) => errorRate), color: "var(--c3)", filled: true }]}
        format={format.percent}
        summary={t("analytics.errors.summary", { value: rate === null ? "–" : format.percent(rate) })}
        threshold={threshold === null
          ? null
          : { value: threshold, label: t("analytics.threshold", { value: format.percent(threshold) }) }}
        cursor={cursor}
      />
    </ChartCard>
  );
}

/** How often roles changed, hour by hour. */
export function RoleChanges({ hours }: { hours: readonly { start: number; count: number | null }[] }) {
  const t = useWords();
  const of = useLanguage();
  const format = formatsOf(of);
  const shown = hours.slice(-12);
  const most = Math.max(4, ...shown.map(({ count }) => count ?? 0));
  const total = shown.reduce((sum, { count }) => sum + (count ?? 0), 0);
  const hourOf = (start: number) =>
    new Intl.DateTimeFormat(of === "fr" ? "fr-FR" : "en-GB", { hour: "2-digit" }).format(start);
  return (
    <ChartCard
      title={t("analytics.roles")}
      table={{
        heads: [t("analytics.time"), t("analytics.roles.changes")],
        rows: () =>
          [...shown].reverse().map(({ start, count }) => [hourOf(start), count === null ? "–" : format.count(count)]),
      }}
    >
      <div className="histogram roles" role="img" aria-label={t("analytics.roles.summary", { count: total })}>
        {shown.map(({ start, count }, index) => (
          <span key={start} className={`histogram-bar ${count === null ? "unknown" : ""}`} aria-hidden="true">
            <b className="num">{count ? format.count(count) : ""}</b>
            <i style={{ height: `${((count ?? 0) / most) * 100}%` }} />
            <span className="num">{index % 2 === (shown.length - 1) % 2 ? hourOf(start) : ""}</span>
          </span>
        ))}
      </div>
    </ChartCard>
  );
}
