import { useEffect, useMemo, useState } from "react";
import { get } from "../../lib/api";
import { useLanguage, useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";
import { useQueryState } from "../../lib/router";
import { Button, IconButton } from "../../ui/Button";
import { FilterSelect } from "../../ui/Field";
import { Page } from "../../ui/Page";
import { Segmented } from "../../ui/Segmented";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { useCan } from "../accounts/session";
import { useAlerts } from "./alerts";
import { Cards } from "./Cards";
import { Endpoints } from "./Endpoints";
import { ExportDialog } from "./ExportDialog";
import { formatsOf } from "./format";
import { ErrorChart, LatencyChart, ResponseTimes, RoleChanges } from "./Charts";
import { KeyEvents } from "./KeyEvents";
import { type Comparison, comparisons, type Interval, intervals } from "./measures";
import { Segments } from "./Segments";
import { useLive } from "./useLive";

/** What happens on the site, as it happens. */
export function AnalyticsPage() {
  const t = useWords();
  const [query, setQuery] = useQueryState();
  const interval: Interval = intervals.find((each) => each === query["interval"]) ?? "5s";
  const comparison: Comparison = comparisons.find((each) => each === query["compare"]) ?? "none";
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const paused = pausedAt !== null;
  const { data, problem, reload } = useLive(interval, comparison, paused);
  const admin = useAdmin(paused);
  const alerts = useAlerts();
  const exports = useCan("analytics.export");
  const [exporting, setExporting] = useState(false);
  const [cursor, setCursor] = useState<number | null>(null);
  const [drawer, setDrawer] = useState(false);
  useEffect(() => setCursor(null), [paused, interval]);
  const isEmpty = data !== null && data.windows.every(({ requests }) => !requests) && admin !== null &&
    !admin.hasRequests;
  const thresholds = useMemo(
    () => (alerts.data ?? []).filter(({ enabled, threshold }) => enabled && threshold !== null),
    [alerts.data],
  );
  const toggle = () => setPausedAt(paused ? null : Date.now());
  return (
    <Page
      title={t("nav.analytics")}
      after={<PauseState at={pausedAt} />}
      actions={
        <>
          <Segmented
            legend={t("analytics.interval")}
            value={interval}
            onChange={(next) => setQuery({ interval: next === "5s" ? null : next })}
            segments={intervals.map((value) => ({ value, label: t(`analytics.interval.${value}`) }))}
          />
          <Button icon={paused ? "play" : "pause"} look={paused ? "primary" : "plain"} onClick={toggle}>
            {t(paused ? "analytics.resume" : "analytics.pause")}
          </Button>
          {exports && <Button icon="export" onClick={() => setExporting(true)}>{t("analytics.export")}</Button>}
          <Button icon="pulse" className="only-narrow" aria-expanded={drawer} onClick={() => setDrawer(!drawer)}>
            {t("analytics.events")}
          </Button>
        </>
      }
      aside={
        <aside className={`aside ${drawer ? "open" : ""}`} aria-label={t("analytics.events")}>
          <Button className="only-narrow aside-close" icon="close" look="quiet" onClick={() => setDrawer(false)}>
            {t("common.close")}
          </Button>
          <KeyEvents paused={paused} />
        </aside>
      }
    >
      <div className="filters" role="group" aria-label={t("analytics.filters")}>
        <FilterSelect
          label={t("analytics.compare")}
          value={comparison === "none" ? "" : comparison}
          onChange={(event) => setQuery({ compare: event.target.value || null })}
        >
          <option value="">{t("analytics.compare.none")}</option>
          <option value="yesterday">{t("analytics.compare.yesterday")}</option>
          <option value="last_week">{t("analytics.compare.last_week")}</option>
        </FilterSelect>
      </div>
      {problem && !data && <ErrorState problem={problem} onRetry={reload} />}
      {!data && !problem && <Skeleton rows={4} shape="card" />}
      {isEmpty && <EmptyState icon="chart" title={t("analytics.none.title")} text={t("analytics.none.text")} />}
      {data && !isEmpty && (
        <>
          <Cards live={data} admin={admin} interval={interval} comparison={comparison} />
          {paused && (
            <Scrubber
              count={data.windows.length}
              value={cursor ?? data.windows.length - 1}
              time={data.windows[cursor ?? data.windows.length - 1]?.start ?? null}
              onChange={setCursor}
            />
          )}
          <div className="chart-pair wide-first">
            <LatencyChart live={data} comparison={comparison} alerts={thresholds} cursor={paused ? cursor : null} />
            <ResponseTimes live={data} />
          </div>
          <div className="chart-pair">
            <ErrorChart live={data} alerts={thresholds} cursor={paused ? cursor : null} />
            <RoleChanges hours={admin?.roleChanges ?? []} />
          </div>
          <Endpoints endpoints={data.endpoints} seconds={secondsOf(data.windows.length, interval)} />
          <Segments paused={paused} />
        </>
      )}
      {exporting && <ExportDialog onClose={() => setExporting(false)} />}
    </Page>
  );
}

const secondsOf = (count: number, interval: Interval): number => count * ({ "1s": 1, "5s": 5, "1m": 60 }[interval]);

function PauseState({ at }: { at: number | null }) {
  const t = useWords();
  const of = useLanguage();
  return (
    <span className="pause-state small muted num" role="status">
      {at === null ? "" : t("analytics.pausedAt", { time: formatsOf(of).clock(at) })}
    </span>
  );
}

interface ScrubberProps {
  count: number;
  value: number;
  time: number | null;
  onChange: (index: number) => void;
}

/** Goes through what was while the page is paused. */
function Scrubber({ count, value, time, onChange }: ScrubberProps) {
  const t = useWords();
  const of = useLanguage();
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => (value >= count - 1 ? setPlaying(false) : onChange(value + 1)), 250);
    return () => clearTimeout(timer);
  }, [playing, value, count]);
  return (
    <div className="card scrubber">
      <IconButton
        icon={playing ? "pause" : "play"}
        label={t(playing ? "analytics.stop" : "analytics.play")}
        onClick={() => {
          if (!playing && value >= count - 1) onChange(0);
          setPlaying(!playing);
        }}
      />
      <input
        type="range"
        min={0}
        max={Math.max(0, count - 1)}
        value={value}
        aria-label={t("analytics.moment")}
        aria-valuetext={time === null ? "" : formatsOf(of).clock(time)}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <span className="small num">{time === null ? "" : formatsOf(of).clock(time)}</span>
    </div>
  );
}

export interface Admin {
  activeUsers: number | null;
  signups: number | null;
  hasRequests: boolean;
  roleChanges: readonly { start: number; count: number | null }[];
}

/** Today's figures, read again every few seconds. */
function useAdmin(paused: boolean): Admin | null {
  const { data, reload } = useQuery("analytics:admin", async (signal) => {
    const raw = asRaw(await get("/analytics/admin", {}, signal));
    const [now, today] = [asRaw(raw["now"]), asRaw(raw["today"])];
    return {
      activeUsers: asNumber(now["active_users"]) ?? null,
      signups: asNumber(today["signups"]) ?? null,
      hasRequests: (asNumber(today["requests"]) ?? 0) > 0,
      roleChanges: asList(raw["role_changes"]).map((each) => {
        const hour = asRaw(each);
        return { start: Date.parse(asText(hour["start"]) ?? "") || 0, count: asNumber(hour["count"]) ?? null };
      }),
    };
  });
  useEffect(() => {
    if (paused) return;
    const timer = setInterval(() => document.hidden || reload(), 5_000);
    return () => clearInterval(timer);
  }, [paused, reload]);
  return data ?? null;
}
