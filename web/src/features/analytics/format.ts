// How measures read.
import { type Language, locale } from "../../lib/i18n";

export interface Formats {
  count: (value: number) => string;
  rate: (value: number) => string;
  percent: (value: number) => string;
  milliseconds: (value: number) => string;
  bytes: (value: number) => string;
  /** By the unit of a metric. */
  unit: (value: number, unit: string | null) => string;
  clock: (time: number) => string;
  /** Of today the hour, else the day, too. */
  moment: (time: number) => string;
  change: (value: number) => string;
  /** With three decimals. */
  small: (value: number) => string;
}

function make(of: Language): Formats {
  const count = new Intl.NumberFormat(locale(of), { maximumFractionDigits: 0 });
  const rate = new Intl.NumberFormat(locale(of), { maximumFractionDigits: 1 });
  const small = new Intl.NumberFormat(locale(of), { maximumFractionDigits: 3 });
  const percent = new Intl.NumberFormat(locale(of), { style: "percent", maximumFractionDigits: 2 });
  const change = new Intl.NumberFormat(locale(of), {
    style: "percent",
    maximumFractionDigits: 0,
    signDisplay: "exceptZero",
  });
  const megabytes = new Intl.NumberFormat(locale(of), { style: "unit", unit: "megabyte", maximumFractionDigits: 0 });
  const clock = new Intl.DateTimeFormat(locale(of), { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const hour = new Intl.DateTimeFormat(locale(of), { hour: "2-digit", minute: "2-digit" });
  const date = new Intl.DateTimeFormat(locale(of), {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  const milliseconds = (value: number) =>
    value >= 10_000 ? `${rate.format(value / 1000)}\u00a0s` : `${(value < 10 ? rate : count).format(value)}\u00a0ms`;
  const formats = {
    count: (value: number) =>
      (value !== 0 && Math.abs(value) < 10 && !Number.isInteger(value) ? rate : count).format(value),
    rate: (value: number) => rate.format(value),
    percent: (value: number) => percent.format(value),
    milliseconds,
    bytes: (value: number) => megabytes.format(value / 1e6),
    clock: (time: number) => clock.format(time),
    moment: (time: number) => (Math.abs(time - Date.now()) < 72_000_000 ? hour : date).format(time),
    change: (value: number) => change.format(value),
    small: (value: number) => small.format(value),
  };
  return {
    ...formats,
    unit: (value, unit) =>
      unit === "ratio"
        ? formats.percent(value)
        : unit === "ms"
        ? formats.milliseconds(value)
        : unit === "bytes"
        ? formats.bytes(value)
        : formats.count(value),
  };
}

const known = { fr: make("fr"), en: make("en") };
export const formatsOf = (of: Language): Formats => known[of];
