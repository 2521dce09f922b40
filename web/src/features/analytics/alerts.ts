// Alerts as the API returns them.
import { useEffect } from "react";
import { get } from "../../lib/api";
import { useQuery } from "../../lib/query";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";

export type AlertState = "ok" | "pending" | "firing" | "resolved";
export type Severity = "low" | "medium" | "high" | "critical";
export type Channel = "in_app" | "email" | "webhook";
export type NoData = "keep" | "fire" | "clear";

export const states: readonly AlertState[] = ["ok", "pending", "firing", "resolved"];
export const severities: readonly Severity[] = ["low", "medium", "high", "critical"];
export const channels: readonly Channel[] = ["in_app", "email", "webhook"];
export const policies: readonly NoData[] = ["keep", "fire", "clear"];

export interface Alert {
  id: string;
  name: string;
  expression: string;
  severity: Severity;
  channels: readonly Channel[];
  webhookUrl: string | null;
  enabled: boolean;
  resolveAfter: number | null;
  noData: NoData;
  silencedUntil: string | null;
  state: AlertState;
  since: string | null;
  value: number | null;
  metric: string | null;
  unit: string | null;
  threshold: number | null;
  flapping: boolean;
  error: string | null;
  series: readonly { series: string; state: AlertState }[];
  version: number;
}

const oneOf = <T extends string>(known: readonly T[], value: unknown, otherwise: T): T =>
  known.find((each) => each === value) ?? otherwise;

export function readAlert(value: unknown): Alert {
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    name: asText(raw["name"]) ?? "",
    expression: asText(raw["expression"]) ?? "",
    severity: oneOf(severities, raw["severity"], "medium"),
    channels: channels.filter((channel) => asList(raw["channels"]).includes(channel)),
    webhookUrl: asText(raw["webhook_url"]),
    enabled: raw["enabled"] !== false,
    resolveAfter: asNumber(raw["resolve_after_s"]) ?? null,
    noData: oneOf(policies, raw["no_data"], "keep"),
    silencedUntil: asText(raw["silenced_until"]),
    state: oneOf(states, raw["state"], "ok"),
    since: asText(raw["since"]),
    value: asNumber(raw["value"]) ?? null,
    metric: asText(raw["metric"]),
    unit: asText(raw["unit"]),
    threshold: asNumber(raw["threshold"]) ?? null,
    flapping: raw["flapping"] === true,
    error: asText(raw["error"]),
    series: asList(raw["series"]).map((each) => ({
      series: asText(asRaw(each)["series"]) ?? "",
      state: oneOf(states, asRaw(each)["state"], "ok"),
    })),
    version: asNumber(raw["version"]) ?? 0,
  };
}

export const isSilenced = ({ silencedUntil }: Alert, now: number): boolean =>
  silencedUntil !== null && Date.parse(silencedUntil) > now;

/** All alerts, requested again at the pace of their evaluation. */
export function useAlerts() {
  const found = useQuery<readonly Alert[]>(
    "alerts",
    async (signal) => asList(asRaw(await get("/alerts", {}, signal))["items"]).map(readAlert),
  );
  const { reload } = found;
  useEffect(() => {
    const timer = setInterval(() => document.hidden || reload(), 5_000);
    return () => clearInterval(timer);
  }, [reload]);
  return found;
}

export interface Transition {
  id: string;
  alertId: string;
  name: string | null;
  series: string;
  state: "firing" | "resolved";
  at: string | null;
}

export function readTransition(value: unknown): Transition {
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    alertId: asText(raw["alert_id"]) ?? "",
    name: asText(raw["name"]),
    series: asText(raw["series"]) ?? "",
    state: raw["state"] === "resolved" ? "resolved" : "firing",
    at: asText(raw["at"]),
  };
}

export interface Preview {
  from: number;
  to: number;
  unit: string | null;
  threshold: number | null;
  hasData: boolean;
  fires: readonly { from: number; to: number | null }[];
  points: readonly { at: number; value: number | null }[];
}

export function readPreview(value: unknown): Preview {
  const raw = asRaw(value);
  const time = (each: unknown) => Date.parse(asText(each) ?? "") || 0;
  return {
    from: time(raw["from"]),
    to: time(raw["to"]),
    unit: asText(raw["unit"]),
    threshold: asNumber(raw["threshold"]) ?? null,
    hasData: raw["has_data"] === true,
    fires: asList(raw["fires"]).map((each) => {
      const fire = asRaw(each);
      return { from: time(fire["from"]), to: asText(fire["to"]) ? time(fire["to"]) : null };
    }),
    points: asList(raw["points"]).map((each) => {
      const point = asRaw(each);
      return { at: time(point["at"]), value: asNumber(point["value"]) ?? null };
    }),
  };
}
