import { useLanguage, useWords } from "../../lib/i18n";
import { locale } from "../../lib/i18n";
import { ChartCard } from "./Chart";
import { formatsOf } from "./format";
import type { VisitTotals } from "./visits";

/** How many days have their name below. */
const named = 4;

/** Visits by day, as bars; views stand in the table. */
export function DayChart({ days }: { days: readonly (VisitTotals & { start: number })[] }) {
  const t = useWords();
  const of = useLanguage();
  const format = formatsOf(of);
  const most = Math.max(1, ...days.map(({ visits }) => visits));
  const every = Math.ceil(days.length / named);
  const short = new Intl.DateTimeFormat(locale(of), { day: "numeric", month: "short" });
  const long = new Intl.DateTimeFormat(locale(of), { weekday: "short", day: "numeric", month: "short" });
  const total = days.reduce((sum, { visits }) => sum + visits, 0);
  return (
    <ChartCard
      title={t("visits.byDay")}
      table={{
        heads: [t("visits.day"), t("visits.visitors"), t("visits.visits"), t("visits.views"), t("visits.errors")],
        rows: () =>
          [...days].reverse().map(({ start, visitors, visits, views, errors }) => [
            long.format(start),
            ...[visitors, visits, views, errors].map(format.count),
          ]),
      }}
    >
      <div className="histogram days" role="img" aria-label={t("visits.byDay.summary", { count: total })}>
        {days.map(({ start, visits }, index) => (
          <span key={start} className="histogram-bar" title={`${long.format(start)}: ${format.count(visits)}`}>
            {days.length <= 14 && visits > 0 && <b className="num">{format.count(visits)}</b>}
            <i style={{ height: `${(visits / most) * 100}%` }} />
            <span className="num">{(days.length - 1 - index) % every === 0 ? short.format(start) : ""}</span>
          </span>
        ))}
      </div>
    </ChartCard>
  );
}
