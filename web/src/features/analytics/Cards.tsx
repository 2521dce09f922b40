import type { ReactNode } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import type { Admin } from "./AnalyticsPage";
import { Spark } from "./Chart";
import { formatsOf } from "./format";
import { type Comparison, type Interval, latest, type Live, milliseconds, sum, type Window } from "./measures";

interface CardProps {
  label: string;
  value: string;
  foot: ReactNode;
  values: readonly (number | null)[];
  past?: readonly (number | null)[] | undefined;
  color: string;
}

/** One figure and its line. */
export function Card({ label, value, foot, values, past, color }: CardProps) {
  return (
    <div className="card kpi">
      <div className="tiny muted kpi-label">{label}</div>
      <div className="kpi-value num">{value}</div>
      <div className="tiny muted kpi-foot num">{foot}</div>
      <Spark values={values} past={past} color={color} />
    </div>
  );
}

interface CardsProps {
  live: Live;
  admin: Admin | null;
  interval: Interval;
  comparison: Comparison;
}

/** The site in eight figures. */
export function Cards({ live, admin, interval, comparison }: CardsProps) {
  const t = useWords();
  const format = formatsOf(useLanguage());
  const { windows, compare } = live;
  const seconds = (milliseconds[interval] ?? 1000) / 1000;
  const of = (read: (window: Window) => number | null) => windows.map(read);
  const shown = (value: number | null, read: (value: number) => string) => (value === null ? "–" : read(value));
  const perSecond = perSecondOf(windows, seconds, ({ requests }) => requests);
  const messages = sum(of((window) => window.events === null ? null : window.events["message.created"] ?? 0));
  const span = (windows.length * seconds) / 60;
  const errors = rateOf(windows);
  const hour = admin?.roleChanges[admin.roleChanges.length - 1]?.count ?? null;
  const against = (now: number | null, past: number | null | undefined, better?: "up" | "down") => (
    <Change now={now} past={past ?? null} comparison={comparison} {...(better ? { better } : {})} />
  );
  const pastPerSecond = compare
    ? perSecondOf(compare.windows, (milliseconds[compare.interval] ?? 60_000) / 1000, ({ requests }) => requests)
    : null;
  return (
    <div className="kpis">
      <Card
        label={t("analytics.card.active")}
        value={shown(admin?.activeUsers ?? latest(windows, ({ activeUsers }) => activeUsers), format.count)}
        foot={t("analytics.card.active.foot")}
        values={of(({ activeUsers }) => activeUsers)}
        color="var(--c1)"
      />
      <Card
        label={t("analytics.card.sessions")}
        value={shown(latest(windows, ({ sessions }) => sessions), format.count)}
        foot={t("analytics.card.sockets", { count: latest(windows, ({ sockets }) => sockets) ?? 0 })}
        values={of(({ sessions }) => sessions)}
        color="var(--c5)"
      />
      <Card
        label={t("analytics.card.requests")}
        value={shown(perSecond, format.rate)}
        foot={comparison === "none" ? t("analytics.card.span") : against(perSecond, pastPerSecond)}
        values={of(({ requests }) => requests)}
        past={ghost(live, ({ requests }) => requests, seconds)}
        color="var(--c1)"
      />
      <Card
        label={t("analytics.card.errors")}
        value={shown(errors, format.percent)}
        foot={comparison !== "none"
          ? against(errors, compare?.total.errorRate, "down")
          : t("analytics.card.errors.foot", { count: sum(of((window) => window.errors)) ?? 0 })}
        values={of(({ errorRate }) => errorRate)}
        color="var(--c3)"
      />
      <Card
        label={t("analytics.card.latency")}
        value={shown(live.total.p95 ?? latest(windows, ({ p95 }) => p95), format.milliseconds)}
        foot={comparison !== "none"
          ? against(live.total.p95, compare?.total.p95, "down")
          : t("analytics.card.latency.foot", { value: shown(live.total.p50, format.milliseconds) })}
        values={of(({ p95 }) => p95)}
        past={ghost(live, ({ p95 }) => p95, null)}
        color="var(--c2)"
      />
      <Card
        label={t("analytics.card.signups")}
        value={shown(admin?.signups ?? null, format.count)}
        foot={t("analytics.card.today")}
        values={of(({ signups }) => signups)}
        color="var(--c6)"
      />
      <Card
        label={t("analytics.card.messages")}
        value={shown(messages === null ? null : messages / span, format.rate)}
        foot={t("analytics.card.messages.foot", { count: messages ?? 0 })}
        values={of((window) => window.events === null ? null : window.events["message.created"] ?? 0)}
        color="var(--c4)"
      />
      <Card
        label={t("analytics.card.roles")}
        value={shown(hour, format.count)}
        foot={t("analytics.card.hour")}
        values={admin?.roleChanges.map(({ count }) => count) ?? []}
        color="var(--c1)"
      />
    </div>
  );
}

/** Errors of all requests, as a share. */
export function rateOf(windows: readonly Window[]): number | null {
  const requests = sum(windows.map((window) => window.requests));
  return requests ? (sum(windows.map((window) => window.errors)) ?? 0) / requests : null;
}

function perSecondOf(
  windows: readonly Window[],
  seconds: number,
  of: (window: Window) => number | null,
): number | null {
  const known = windows.filter((window) => of(window) !== null && !window.partial);
  const total = sum(known.map(of));
  return total === null || known.length === 0 ? null : total / (known.length * seconds);
}

/**
 * The line of another day under this one: a value for each window, of the window that it falls in.
 * @param seconds for counts, the width of a window, to which those of wider ones are brought; null for what does not add up
 */
export function ghost(
  live: Live,
  of: (window: Window) => number | null,
  seconds: number | null,
): readonly (number | null)[] | undefined {
  const { compare, windows } = live;
  const first = windows[0];
  const past = compare?.windows[0];
  if (!compare || !first || !past) return undefined;
  const width = milliseconds[compare.interval] ?? 60_000;
  const back = Math.round((first.start - past.start) / 86_400_000) * 86_400_000;
  return windows.map(({ start }) => {
    const found = compare.windows.find((window) => start - back >= window.start && start - back < window.start + width);
    const value = found ? of(found) : null;
    return value === null || seconds === null ? value : (value * seconds * 1000) / width;
  });
}

interface ChangeProps {
  now: number | null;
  past: number | null;
  comparison: Comparison;
  better?: "up" | "down";
}

function Change({ now, past, comparison, better }: ChangeProps) {
  const t = useWords();
  const format = formatsOf(useLanguage());
  if (comparison === "none") return null;
  const against = t(comparison === "yesterday" ? "analytics.against.yesterday" : "analytics.against.last_week");
  if (now === null || past === null || past === 0) return <>{t("analytics.against.none", { against })}</>;
  const share = now / past - 1;
  const tone = Math.abs(share) < 0.005 || !better ? "" : (share > 0) === (better === "up") ? "good" : "bad";
  return (
    <>
      <span className={`change ${tone}`}>{share > 0 ? "▲" : share < 0 ? "▼" : "="} {format.change(share)}</span>{" "}
      {against}
    </>
  );
}
