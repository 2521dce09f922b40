import { type ReactNode, useState } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import { locale } from "../../lib/i18n";

export interface Line {
  label: string;
  values: readonly (number | null)[];
  color: string;
  look?: "plain" | "light" | "dashed" | "past";
  filled?: boolean;
}

interface ChartProps {
  /** When each value is of, in ms. */
  times: readonly number[];
  lines: readonly Line[];
  /** How a value reads. */
  format: (value: number) => string;
  /** What the chart says, for those who do not see it. */
  summary: string;
  threshold?: { value: number; label: string } | null;
  /** Spans that are marked, in ms. */
  marks?: readonly { from: number; to: number }[];
  /** Where one looks, while paused. */
  cursor?: number | null;
  small?: boolean;
}

/** A round number that is not below a value. */
export function ceiling(value: number): number {
  if (value <= 0) return 1;
  const step = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((each) => each * step).find((each) => each >= value * 0.999) ?? value;
}

/** Parts of a line: what is not known is a gap. */
export function pathOf(values: readonly (number | null)[], most: number): string {
  const step = values.length > 1 ? 100 / (values.length - 1) : 0;
  let path = "";
  let isOpen = false;
  values.forEach((value, index) => {
    if (value === null) {
      isOpen = false;
      return;
    }
    const next = values[index + 1];
    const at = `${(index * step).toFixed(2)} ${(100 - Math.min(1, value / most) * 100).toFixed(2)}`;
    // A value between two gaps is a short stroke.
    if (!isOpen && (next === null || next === undefined)) path += `M${at}h0.6`;
    else path += `${isOpen ? "L" : "M"}${at}`;
    isOpen = true;
  });
  return path;
}

function areaOf(values: readonly (number | null)[], most: number): string {
  const step = values.length > 1 ? 100 / (values.length - 1) : 0;
  let path = "";
  let start: number | null = null;
  values.forEach((value, index) => {
    const x = (index * step).toFixed(2);
    const y = value === null ? "100" : (100 - Math.min(1, value / most) * 100).toFixed(2);
    if (value === null) {
      if (start !== null) path += `V100H${start.toFixed(2)}z`;
      start = null;
      return;
    }
    path += start === null ? `M${x} ${y}` : `L${x} ${y}`;
    start ??= index * step;
    if (index === values.length - 1) path += `V100H${start.toFixed(2)}z`;
  });
  return path;
}

/** Lines over time, drawn by hand: labels are text, so that they follow the size of the reader's letters. */
export function Chart(
  { times, lines, format, summary, threshold, marks = [], cursor = null, small = false }: ChartProps,
) {
  const of = useLanguage();
  const known = lines.flatMap(({ values }) => values.filter((value): value is number => value !== null));
  const most = ceiling(Math.max(threshold?.value ?? 0, ...known, 0) * 1.05);
  const grid = [0, 0.5, 1].map((share) => share * most);
  const first = times[0] ?? 0;
  const last = times[times.length - 1] ?? 0;
  const x = (time: number) => (last > first ? ((time - first) / (last - first)) * 100 : 0);
  const clock = new Intl.DateTimeFormat(locale(of), {
    hour: "2-digit",
    minute: "2-digit",
    ...(last - first < 600_000 ? { second: "2-digit" } : {}),
    ...(last - first > 86_400_000 ? { weekday: "short" } : {}),
  });
  const labels = ends(lines, most);
  const at = cursor === null ? null : times[cursor] ?? null;
  return (
    <div className={`plot ${small ? "small" : ""}`} role="img" aria-label={summary}>
      <div className="plot-box" aria-hidden="true">
        {marks.map(({ from, to }) => (
          <span
            key={from}
            className="plot-mark"
            style={{ left: `${x(from)}%`, width: `${Math.max(0.6, x(to) - x(from))}%` }}
          />
        ))}
        <svg viewBox="0 0 100 100" preserveAspectRatio="none">
          {grid.map((value) => <path key={value} className="plot-grid" d={`M0 ${100 - (value / most) * 100}H100`} />)}
          {lines.map(({ label, values, color, look = "plain", filled }) => (
            <g key={label} style={{ color }}>
              {filled && <path className="plot-area" d={areaOf(values, most)} />}
              <path className={`plot-line ${look}`} d={pathOf(values, most)} />
            </g>
          ))}
          {threshold && <path className="plot-threshold" d={`M0 ${100 - (threshold.value / most) * 100}H100`} />}
        </svg>
        {grid.map((value) => (
          <span key={value} className="plot-y num" style={{ top: `${100 - (value / most) * 100}%` }}>
            {format(value)}
          </span>
        ))}
        {[0, 0.5, 1].map((share) => (
          <span key={share} className={`plot-x num at${share * 2}`} style={{ left: `${share * 100}%` }}>
            {last > first ? clock.format(first + share * (last - first)) : ""}
          </span>
        ))}
        {threshold && (
          <span className="plot-threshold-label" style={{ top: `${100 - (threshold.value / most) * 100}%` }}>
            {threshold.label}
          </span>
        )}
        {labels.map(({ label, y, value }) => (
          <span key={label} className="plot-end num" style={{ top: `${y}%` }}>
            {value === null ? label : `${label} ${format(value)}`}
          </span>
        ))}
        {at !== null && (
          <span className={`plot-cursor ${x(at) > 60 ? "left" : ""}`} style={{ left: `${x(at)}%` }}>
            <span className="plot-card num">
              <b>{clock.format(at)}</b>
              {lines.map(({ label, values }) => {
                const value = values[cursor ?? 0] ?? null;
                return (
                  <span key={label} className="plot-value">
                    <span>{label}</span>
                    <span>{value === null ? "–" : format(value)}</span>
                  </span>
                );
              })}
            </span>
          </span>
        )}
      </div>
    </div>
  );
}

/** Where the names of the lines stand, at their ends and apart from one another. */
function ends(lines: readonly Line[], most: number) {
  const placed = lines.filter(({ look }) => look !== "past").map(({ label, values }) => {
    const value = [...values].reverse().find((each): each is number => each !== null) ?? null;
    return { label, value, y: 100 - (value === null ? 0 : Math.min(1, value / most) * 100) };
  }).sort((one, other) => one.y - other.y);
  let above = -100;
  for (const each of placed) {
    each.y = Math.max(each.y, above + 8);
    above = each.y;
  }
  const over = Math.max(0, (placed[placed.length - 1]?.y ?? 0) - 97);
  return placed.map((each) => ({ ...each, y: each.y - over }));
}

interface CardProps {
  title: string;
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
  /** Heads and rows of the same figures as text. */
  table?: { heads: readonly string[]; rows: () => readonly (readonly string[])[] };
}

/** A card with a chart, and the figures behind it as a table. */
export function ChartCard({ title, aside, className = "", children, table }: CardProps) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  return (
    <section className={`card chart-card ${className}`}>
      <div className="chart-head">
        <h2>{title}</h2>
        {aside}
        {table && (
          <button
            type="button"
            className="chart-figures"
            aria-expanded={open}
            aria-label={t("analytics.figuresOf", { title })}
            onClick={() => setOpen(!open)}
          >
            {t("analytics.figures")}
          </button>
        )}
      </div>
      {children}
      {table && open && (
        <div className="chart-table" tabIndex={0} role="region" aria-label={t("analytics.figuresOf", { title })}>
          <table className="figures-table">
            <thead>
              <tr>{table.heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr>
            </thead>
            <tbody>
              {table.rows().map((row) => (
                <tr key={row[0]}>{row.map((cell, index) => <td key={index} className="num">{cell}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** A line without axes. */
export function Spark(
  { values, past, color }: {
    values: readonly (number | null)[];
    past?: readonly (number | null)[] | undefined;
    color: string;
  },
) {
  const known = [...values, ...(past ?? [])].filter((value): value is number => value !== null);
  const most = Math.max(...known, 0) * 1.15 || 1;
  return (
    <svg className="kpi-spark" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" style={{ color }}>
      {past && <path className="plot-line past" d={pathOf(past, most)} />}
      <path className="plot-area" d={areaOf(values, most)} />
      <path className="plot-line plain" d={pathOf(values, most)} />
    </svg>
  );
}
