// Imports of members, as the server gives them.
import { get, patch, post, upload } from "../../lib/api";
import type { GatewayEvent } from "../../lib/gateway";
import { amend, invalidate, peekQuery } from "../../lib/query";
import { asList, asNumber, asRaw, asText, type Raw } from "../../lib/resources";

export const fields = [
  "username",
  "display_name",
  "first_name",
  "last_name",
  "email",
  "roles",
  "tags",
  "locale",
  "bio",
  "password_hash",
] as const;

export type Field = (typeof fields)[number];
export const states = ["checking", "preview", "running", "done", "failed", "cancelled"] as const;
export type State = (typeof states)[number];

export interface Fault {
  field: Field | null;
  code: string;
  detail: string;
}

export interface ImportRow {
  number: number;
  line: number;
  isReady: boolean;
  username: string | null;
  values: Readonly<Partial<Record<Field, string>>>;
  faults: readonly Fault[];
}

export interface Import {
  id: string;
  state: State;
  name: string;
  encoding: string;
  separator: string;
  columns: readonly string[];
  mapping: Readonly<Partial<Record<Field, string>>>;
  roleNames: Readonly<Record<string, string | null>>;
  rolesGiven: number;
  total: number;
  invalid: number;
  ready: number;
  settled: number;
  skipsInvalid: boolean;
  invites: boolean;
  failure: string | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  /** The first cells of each column. */
  samples: Readonly<Record<string, string>>;
  preview: readonly ImportRow[];
  reports: readonly ImportRow[];
}

const number = (raw: Raw, name: string): number => asNumber(raw[name]) ?? 0;
const asField = (value: unknown): Field | null => fields.find((each) => each === value) ?? null;
const texts = (value: unknown): Partial<Record<Field, string>> =>
  Object.fromEntries(fields.flatMap((field) => {
    const text = asText(asRaw(value)[field]);
    return text === null ? [] : [[field, text]];
  }));

export function readRow(value: unknown): ImportRow {
  const raw = asRaw(value);
  return {
    number: number(raw, "number"),
    line: number(raw, "line"),
    isReady: raw["state"] === "ready",
    username: asText(raw["username"]),
    values: texts(raw["values"]),
    faults: asList(raw["faults"]).map(asRaw).map((fault) => ({
      field: asField(fault["field"]),
      code: asText(fault["code"]) ?? "",
      detail: asText(fault["detail"]) ?? "",
    })),
  };
}

export function readImport(value: unknown): Import {
  const raw = asRaw(value);
  const words = Object.entries(asRaw(raw["role_names"])).map(([word, role]) => [word, asText(role)] as const);
  return {
    id: asText(raw["id"]) ?? "",
    state: states.find((each) => each === raw["state"]) ?? "failed",
    name: asText(raw["name"]) ?? "",
    encoding: asText(raw["encoding"]) ?? "",
    separator: typeof raw["separator"] === "string" ? raw["separator"] : "",
    columns: asList(raw["columns"]).flatMap((each) => (typeof each === "string" ? [each] : [])),
    mapping: texts(raw["mapping"]),
    roleNames: Object.fromEntries(words),
    rolesGiven: Object.values(asRaw(raw["given_roles"])).reduce<number>(
      (sum, count) => sum + (asNumber(count) ?? 0),
      0,
    ),
    total: number(raw, "total"),
    invalid: number(raw, "invalid"),
    ready: number(raw, "ready"),
    settled: number(raw, "settled"),
    skipsInvalid: raw["skip_invalid"] === true,
    invites: raw["invite"] === true,
    failure: asText(asRaw(raw["failure"])["detail"]),
    createdAt: asText(raw["created_at"]) ?? "",
    startedAt: asText(raw["started_at"]),
    endedAt: asText(raw["ended_at"]),
    samples: Object.fromEntries(
      Object.entries(asRaw(raw["samples"])).map(([column, text]) => [column, asText(text) ?? ""]),
    ),
    preview: asList(raw["preview"]).map(readRow),
    reports: asList(raw["reports"]).map(readRow),
  };
}

export const importKey = (id: string): string => `import:${id}`;
const path = (id: string, rest = ""): string => `/users/import/${encodeURIComponent(id)}${rest}`;

export const fetchImport = async (id: string, signal: AbortSignal): Promise<Import> =>
  readImport(await get<unknown>(path(id), undefined, signal));

export const fetchImports = async (signal: AbortSignal): Promise<Import[]> =>
  asList(asRaw(await get<unknown>("/users/import", undefined, signal))["items"]).map(readImport);

export async function fetchRows(id: string, wrong: boolean, cursor: string | null) {
  const raw = asRaw(await get<unknown>(path(id, "/rows"), { invalid: wrong || null, cursor }));
  return { items: asList(raw["items"]).map(readRow), next: asText(raw["next"]) };
}

/** Stores the answer of the server as the state of the import. */
function keep(each: Import): Import {
  if (peekQuery(importKey(each.id)).data === undefined) invalidate(importKey(each.id));
  else amend<Import>(importKey(each.id), () => each);
  invalidate("imports");
  return each;
}

/** Uploads a file. Its media type follows from its name: browsers on Windows call CSV a file of Excel. */
export async function bring(file: File, onProgress: (share: number) => void): Promise<Import> {
  const type = file.name.toLowerCase().endsWith(".json") ? "application/json" : "text/csv";
  const name = encodeURIComponent(file.name.slice(0, 200));
  return keep(readImport(await upload("POST", `/users/import?name=${name}`, new Blob([file], { type }), onProgress)));
}

export const map = async (id: string, change: unknown, key: string): Promise<Import> =>
  keep(readImport(await patch<unknown>(path(id), change, { key })));

export const commit = async (id: string, body: unknown, key: string): Promise<Import> =>
  keep(readImport(await post<unknown>(path(id, "/commit"), body, { key })));

export const cancel = async (id: string): Promise<Import> => keep(readImport(await post<unknown>(path(id, "/cancel"))));

export const reportFile = (id: string): string => `/api/v1${path(id, "/report")}`;

/** The progress of an import, sent to all devices of its author. */
export function hearOfImports(event: GatewayEvent): void {
  const raw = asRaw(event["import"]);
  const id = asText(raw["id"]);
  if (id === null) return;
  const state = states.find((each) => each === raw["state"]);
  const before = amend<Import>(importKey(id), (each) => ({
    ...each,
    settled: Math.max(state === each.state ? each.settled : 0, number(raw, "settled")),
  }));
  if (before === undefined || before.state !== state) {
    invalidate(importKey(id));
    invalidate("imports");
  }
}
