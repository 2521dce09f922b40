// Visits of pages with the site snippet, read without trusting the shape of the answer.
import { asList, asNumber, asRaw, asText, type Raw } from "../../lib/resources";

export interface VisitTotals {
  views: number;
  visits: number;
  visitors: number;
  errors: number;
}

export interface Count {
  value: string;
  count: number;
}

export const lists = ["paths", "referrers", "sources", "events", "messages", "devices", "browsers"] as const;
export type List = (typeof lists)[number];

export const vitals = ["lcp", "inp", "cls"] as const;
export type Vital = (typeof vitals)[number];

export interface Visits extends VisitTotals {
  days: readonly (VisitTotals & { start: number })[];
  vitals: Readonly<Record<Vital, { p75: number | null; count: number }>>;
  lists: Readonly<Record<List, readonly Count[]>>;
}

const readTotals = (raw: Raw): VisitTotals => ({
  views: asNumber(raw["views"]) ?? 0,
  visits: asNumber(raw["visits"]) ?? 0,
  visitors: asNumber(raw["visitors"]) ?? 0,
  errors: asNumber(raw["errors"]) ?? 0,
});

export function readVisits(value: unknown): Visits {
  const raw = asRaw(value);
  const found = asRaw(raw["vitals"]);
  const readVital = (name: Vital) => {
    const vital = asRaw(found[name]);
    return { p75: asNumber(vital["p75"]) ?? null, count: asNumber(vital["count"]) ?? 0 };
  };
  const readList = (name: List) =>
    asList(raw[name]).map((each) => ({
      value: asText(asRaw(each)["value"]) ?? "",
      count: asNumber(asRaw(each)["count"]) ?? 0,
    }));
  return {
    ...readTotals(raw),
    days: asList(raw["days"]).map((each) => ({
      ...readTotals(asRaw(each)),
      start: Date.parse(asText(asRaw(each)["start"]) ?? "") || 0,
    })),
    vitals: { lcp: readVital("lcp"), inp: readVital("inp"), cls: readVital("cls") },
    lists: {
      paths: readList("paths"),
      referrers: readList("referrers"),
      sources: readList("sources"),
      events: readList("events"),
      messages: readList("messages"),
      devices: readList("devices"),
      browsers: readList("browsers"),
    },
  };
}

/** The values above which a vital is fair, and poor (web.dev/articles/vitals). */
const limits: Readonly<Record<Vital, readonly [number, number]>> = {
  lcp: [2500, 4000],
  inp: [200, 500],
  cls: [0.1, 0.25],
};

export function grade(vital: Vital, value: number | null): "none" | "good" | "fair" | "poor" {
  if (value === null) return "none";
  const [fair, poor] = limits[vital];
  return value <= fair ? "good" : value <= poor ? "fair" : "poor";
}
