// Reads the state of TMDB as a source, and its imports.
import { del, get, post, put } from "../../lib/api";
import { amend, invalidate } from "../../lib/query";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";

export interface Fault {
  code: string;
  detail: string;
}

export interface Source {
  isSet: boolean;
  keyEnd: string | null;
  fault: Fault | null;
  succeededAt: string | null;
  titles: number;
  images: number;
  attribution: string;
}

export const lists = ["popular", "top_rated", "upcoming"] as const;
export type List = typeof lists[number] | "changes" | "refresh";
export const kinds = ["film", "series"] as const;
export type Kind = typeof kinds[number];

export interface Run {
  id: string;
  list: List;
  kind: Kind;
  state: "running" | "paused" | "done" | "cancelled";
  wanted: number;
  listed: number;
  isListed: boolean;
  settled: number;
  added: number;
  updated: number;
  unchanged: number;
  gone: number;
  failed: number;
  fault: Fault | null;
  createdAt: string | null;
  endedAt: string | null;
}

export const sourceKey = "media-source";
export const runsKey = "media-source-runs";

const readFault = (value: unknown): Fault | null => {
  const raw = asRaw(value);
  const code = asText(raw["code"]);
  return code === null ? null : { code, detail: asText(raw["detail"]) ?? code };
};

const readSource = (value: unknown): Source => {
  const raw = asRaw(value);
  return {
    isSet: raw["is_set"] === true,
    keyEnd: asText(raw["key_end"]),
    fault: readFault(raw["fault"]),
    succeededAt: asText(raw["succeeded_at"]),
    titles: asNumber(raw["titles"]) ?? 0,
    images: asNumber(raw["images"]) ?? 0,
    attribution: asText(raw["attribution"]) ?? "",
  };
};

const every: readonly List[] = [...lists, "changes", "refresh"];
const states = ["running", "paused", "done", "cancelled"] as const;

const readRun = (value: unknown): Run => {
  const raw = asRaw(value);
  const count = (name: string): number => asNumber(raw[name]) ?? 0;
  return {
    id: asText(raw["id"]) ?? "",
    list: every.find((each) => each === raw["list"]) ?? "popular",
    kind: raw["kind"] === "series" ? "series" : "film",
    state: states.find((each) => each === raw["state"]) ?? "done",
    wanted: count("wanted"),
    listed: count("listed"),
    isListed: raw["is_listed"] === true,
    settled: count("settled"),
    added: count("added"),
    updated: count("updated"),
    unchanged: count("unchanged"),
    gone: count("gone"),
    failed: count("failed"),
    fault: readFault(raw["fault"]),
    createdAt: asText(raw["created_at"]),
    endedAt: asText(raw["ended_at"]),
  };
};

export const isOpen = (run: Run): boolean => run.state === "running" || run.state === "paused";

export const fetchSource = async (): Promise<Source> => readSource(await get<unknown>("/media/source"));

export const fetchRuns = async (): Promise<Run[]> =>
  asList(asRaw(await get<unknown>("/media/source/runs", { limit: 10 }))["items"]).map(readRun);

export async function setKey(key: string, requestKey: string): Promise<void> {
  const source = readSource(await put<unknown>("/media/source", { key }, { key: requestKey }));
  amend<Source>(sourceKey, () => source);
  invalidate(runsKey);
}

export async function removeKey(): Promise<void> {
  const source = readSource(await del<unknown>("/media/source"));
  amend<Source>(sourceKey, () => source);
  invalidate(runsKey);
}

const keep = (run: Run): void =>
  void amend<Run[]>(runsKey, (runs) => [run, ...runs.filter((each) => each.id !== run.id)]);

export async function start(list: List, kind: Kind, count: number, key: string): Promise<void> {
  keep(readRun(await post<unknown>("/media/source/runs", { list, kind, count }, { key })));
}

export async function cancel(id: string): Promise<void> {
  const run = readRun(await post<unknown>(`/media/source/runs/${id}/cancel`));
  amend<Run[]>(runsKey, (runs) => runs.map((each) => (each.id === id ? run : each)));
}
