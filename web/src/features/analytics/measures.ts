// Measures, read without trusting the shape of the answer.
import { asList, asNumber, asRaw, asText, type Raw } from "../../lib/resources";

export type Interval = "1s" | "5s" | "1m";
export type Comparison = "none" | "yesterday" | "last_week";

export const intervals: readonly Interval[] = ["1s", "5s", "1m"];
export const comparisons: readonly Comparison[] = ["none", "yesterday", "last_week"];
export const milliseconds: Record<string, number> = { "1s": 1000, "5s": 5000, "1m": 60_000, "1h": 3_600_000 };
/** How many windows a page shows: two minutes, five minutes, an hour. */
export const spans: Record<Interval, number> = { "1s": 120, "5s": 60, "1m": 60 };

export interface Totals {
  requests: number | null;
  errors: number | null;
  clientErrors: number | null;
  errorRate: number | null;
  mean: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  activeUsers: number | null;
}

export interface Window extends Totals {
  start: number;
  sessions: number | null;
  sockets: number | null;
  signups: number | null;
  events: Readonly<Record<string, number>> | null;
  partial: boolean;
}

export interface Endpoint extends Totals {
  method: string;
  route: string;
}

export interface Bucket {
  below: number | null;
  count: number;
}

export interface Part {
  value: string;
  total: Totals;
}

export interface Live {
  windows: readonly Window[];
  total: Totals;
  histogram: readonly Bucket[];
  endpoints: readonly Endpoint[];
  compare: { interval: string; windows: readonly Window[]; total: Totals } | null;
  series: readonly Part[];
}

const numberOf = (value: unknown): number | null => asNumber(value) ?? null;

export function readTotals(raw: Raw): Totals {
  const latency = asRaw(raw["latency"]);
  return {
    requests: numberOf(raw["requests"]),
    errors: numberOf(raw["errors"]),
    clientErrors: numberOf(raw["client_errors"]),
    errorRate: numberOf(raw["error_rate"]),
    mean: numberOf(latency["mean"]),
    p50: numberOf(latency["p50"]),
    p95: numberOf(latency["p95"]),
    p99: numberOf(latency["p99"]),
    activeUsers: numberOf(raw["active_users"]),
  };
}

function counts(value: unknown): Readonly<Record<string, number>> | null {
  if (value === null || value === undefined) return null;
  return Object.fromEntries(
    Object.entries(asRaw(value)).flatMap(([name, count]) => (typeof count === "number" ? [[name, count]] : [])),
  );
}

export function readWindow(value: unknown): Window {
  const raw = asRaw(value);
  return {
    ...readTotals(raw),
    start: Date.parse(asText(raw["start"]) ?? "") || 0,
    sessions: numberOf(raw["sessions"]),
    sockets: numberOf(raw["sockets"]),
    signups: numberOf(raw["signups"]),
    events: counts(raw["events"]),
    partial: raw["partial"] === true,
  };
}

export function readLive(value: unknown): Live {
  const raw = asRaw(value);
  const compare = raw["compare"] ? asRaw(raw["compare"]) : null;
  return {
    windows: asList(raw["windows"]).map(readWindow),
    total: readTotals(asRaw(raw["total"])),
    histogram: asList(raw["histogram"]).map((each) => {
      const bucket = asRaw(each);
      return { below: numberOf(bucket["below"]), count: asNumber(bucket["count"]) ?? 0 };
    }),
    endpoints: asList(raw["endpoints"]).map((each) => {
      const endpoint = asRaw(each);
      return {
        ...readTotals(endpoint),
        method: asText(endpoint["method"]) ?? "",
        route: asText(endpoint["route"]) ?? "",
      };
    }),
    compare: compare && {
      interval: asText(compare["interval"]) ?? "1m",
      windows: asList(compare["windows"]).map(readWindow),
      total: readTotals(asRaw(compare["total"])),
    },
    series: asList(raw["series"]).map((each) => {
      const part = asRaw(each);
      return { value: asText(part["value"]) ?? "", total: readTotals(asRaw(part["total"])) };
    }),
  };
}

/** The windows with a new or corrected one; the oldest are dropped. */
export function merge(windows: readonly Window[], next: Window, most: number): readonly Window[] {
  const index = windows.findIndex(({ start }) => start === next.start);
  if (index >= 0) return windows.map((window, at) => (at === index ? next : window));
  const last = windows[windows.length - 1];
  if (last && next.start < last.start) return windows;
  return [...windows, next].slice(-most);
}

export const sum = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value): value is number => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
};

/** The latest known value. */
export function latest(windows: readonly Window[], of: (window: Window) => number | null): number | null {
  for (let index = windows.length - 1; index >= 0; index--) {
    const window = windows[index];
    const value = window ? of(window) : null;
    if (value !== null) return value;
  }
  return null;
}

export interface KeyEvent {
  id: string;
  type: string;
  userName: string | null;
  aboutName: string | null;
  roleName: string | null;
  at: number;
}

export function readEvent(value: unknown): KeyEvent {
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    type: asText(raw["event_type"]) ?? "",
    userName: asText(raw["user_name"]),
    aboutName: asText(raw["about_name"]),
    roleName: asText(asRaw(raw["metadata"])["role_name"]),
    at: Date.parse(asText(raw["timestamp"]) ?? "") || 0,
  };
}
