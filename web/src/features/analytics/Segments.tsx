import { useEffect } from "react";
import { get } from "../../lib/api";
import { type Key, useLanguage, useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { formatsOf } from "./format";
import { type Part, readLive } from "./measures";

const dimensions = ["role", "device", "version"] as const;
type Dimension = (typeof dimensions)[number];
const most = 6;

export const deviceWords: Readonly<Record<string, Key>> = {
  desktop: "analytics.device.desktop",
  mobile: "analytics.device.mobile",
  tablet: "analytics.device.tablet",
  bot: "analytics.device.bot",
  other: "analytics.segment.other",
};

/** Who was active in the last hour, by what they have in common. */
export function Segments({ paused }: { paused: boolean }) {
  const t = useWords();
  return (
    <section className="card chart-card" aria-labelledby="segments-title">
      <div className="chart-head">
        <h2 id="segments-title">{t("analytics.segments")}</h2>
      </div>
      <div className="segments">
        {dimensions.map((dimension) => <Dimension key={dimension} dimension={dimension} paused={paused} />)}
      </div>
    </section>
  );
}

function Dimension({ dimension, paused }: { dimension: Dimension; paused: boolean }) {
  const t = useWords();
  const format = formatsOf(useLanguage());
  const { data, reload } = useQuery<readonly Part[]>(
    `analytics:by:${dimension}`,
    async (signal) =>
      readLive(await get("/analytics/live", { interval: "1m", last: 60, by: dimension }, signal)).series,
  );
  useEffect(() => {
    if (paused) return;
    const timer = setInterval(() => document.hidden || reload(), 15_000);
    return () => clearInterval(timer);
  }, [paused, reload]);
  // Those who are not signed in are no members: they show by their requests.
  const size = ({ total }: Part) => (dimension === "role" ? total.activeUsers || 0 : total.requests ?? 0);
  const parts = [...(data ?? [])].filter((part) => size(part) > 0).sort((one, other) => size(other) - size(one)).slice(
    0,
    most,
  );
  const largest = Math.max(1, ...parts.map(size));
  const name = (value: string) => {
    if (dimension === "device") return t(deviceWords[value] ?? "analytics.segment.other");
    return value === "other"
      ? t(dimension === "version" ? "analytics.segment.unknown" : "analytics.segment.other")
      : value;
  };
  return (
    <div>
      <h3 className="small muted">{t(`analytics.by.${dimension}`)}</h3>
      {parts.length === 0 && <p className="tiny muted">{t("analytics.segments.none")}</p>}
      <ul role="list">
        {parts.map((part) => (
          <li key={part.value} className="segment-row">
            <span className="cut">{name(part.value)}</span>
            <span className="segment-bar" aria-hidden="true">
              <i style={{ width: `${(size(part) / largest) * 100}%` }} />
            </span>
            <b className="num">{format.count(size(part))}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
