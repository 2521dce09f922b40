// Reads imports of titles from files.
import { api, get, patch, post, upload } from "../../lib/api";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";

export interface Row {
  number: number;
  state: string;
  kind: string;
  title: string;
  year: number | null;
  isKnown: boolean;
  unknownGenres: string[];
  faults: string[];
}

export interface Import {
  id: string;
  state: "preview" | "running" | "done" | "cancelled";
  columns: string[];
  mapping: Record<string, string>;
  total: number;
  settled: number;
  added: number;
  updated: number;
  unchanged: number;
  invalid: number;
  rows: Row[];
}

/** The fields of a title that a column can fill. */
export const fields = [
  "kind",
  "title",
  "title_en",
  "title_fr",
  "original_title",
  "original_language",
  "year",
  "released_on",
  "runtime_min",
  "genres",
  "directors",
  "cast",
  "keywords",
  "countries",
  "overview",
  "overview_en",
  "overview_fr",
  "imdb_id",
  "tmdb_id",
] as const;

const states = ["preview", "running", "done", "cancelled"] as const;

const readRow = (value: unknown): Row => {
  const raw = asRaw(value);
  return {
    number: asNumber(raw["number"]) ?? 0,
    state: asText(raw["state"]) ?? "waiting",
    kind: raw["kind"] === "series" ? "series" : "film",
    title: asText(raw["title"]) ?? "",
    year: asNumber(raw["year"]) ?? null,
    isKnown: asText(raw["media_id"]) !== null,
    unknownGenres: asList(raw["unknown_genres"]).map((each) => asText(each) ?? ""),
    faults: asList(raw["faults"]).map((each) => asText(asRaw(each)["detail"]) ?? ""),
  };
};

const readImport = (value: unknown): Import => {
  const raw = asRaw(value);
  const count = (name: string): number => asNumber(raw[name]) ?? 0;
  const mapping = asRaw(raw["mapping"]);
  return {
    id: asText(raw["id"]) ?? "",
    state: states.find((each) => each === raw["state"]) ?? "cancelled",
    columns: asList(raw["columns"]).map((each) => asText(each) ?? ""),
    mapping: Object.fromEntries(
      Object.entries(mapping).flatMap(([field, column]) => (typeof column === "string" ? [[field, column]] : [])),
    ),
    total: count("total"),
    settled: count("settled"),
    added: count("added"),
    updated: count("updated"),
    unchanged: count("unchanged"),
    invalid: count("invalid"),
    rows: asList(raw["preview"]).map(readRow),
  };
};

export const importKey = (id: string): string => `media-import:${id}`;

export const fetchImport = async (id: string): Promise<Import> => readImport(await get<unknown>(`/media/import/${id}`));

export async function fetchInvalid(id: string): Promise<Row[]> {
  const page = asRaw(await get<unknown>(`/media/import/${id}/rows`, { invalid: true, limit: 50 }));
  return asList(page["items"]).map(readRow);
}

/** Uploads a CSV or JSON file. Its name says which: the type that systems give a CSV file differs. */
export async function sendFile(file: File, onProgress: (share: number) => void): Promise<Import> {
  const type = /\.json$/i.test(file.name) ? "application/json" : "text/csv";
  return readImport(await upload("POST", "/media/import", new Blob([file], { type }), onProgress));
}

export const map = async (id: string, field: string, column: string | null): Promise<Import> =>
  readImport(await patch<unknown>(`/media/import/${id}`, { mapping: { [field]: column } }));

export const commit = async (id: string, skips: boolean): Promise<Import> =>
  readImport(await post<unknown>(`/media/import/${id}/commit`, { skip_invalid: skips }));

export const stop = async (id: string): Promise<Import> =>
  readImport(await api<unknown>("POST", `/media/import/${id}/cancel`));
