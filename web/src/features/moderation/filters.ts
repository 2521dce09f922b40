// The automatic filters of texts.
import { api, del, get, type Page, post } from "../../lib/api";
import { invalidate } from "../../lib/query";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";
import type { Card } from "../presence/cards";
import { readPerson } from "../sanctions/sanctions";

export const filterKinds = ["words", "links", "mentions", "repeats", "rate", "files"] as const;
export type FilterKind = (typeof filterKinds)[number];

export const filterActions = ["block", "hide", "report", "warn", "mute"] as const;
export type FilterAction = (typeof filterActions)[number];

export const categories = [
  "threat",
  "self_harm",
  "illegal",
  "harassment",
  "hate",
  "shocking",
  "impersonation",
  "spam",
  "spoiler",
  "other",
] as const;

export interface FilterDraft {
  name: string;
  kind: FilterKind;
  enabled: boolean;
  actions: FilterAction[];
  /** Of a mute. */
  seconds: number;
  category: string;
  exemptRoles: string[];
  exemptChannels: string[];
  list: string[];
  mode: "deny" | "allow";
  count: number;
  within: number;
}

export interface TextFilter extends FilterDraft {
  author: Card | null;
  version: number;
}

export interface Hit {
  found: string;
  element: string | null;
  start: number | null;
  end: number | null;
}

export interface Run {
  examined: number;
  hits: number;
  items: { id: string; channel: string; author: Card | null; content: string; at: string | null; hit: Hit }[];
}

export const filtersKey = "filters";

export const hasList = (kind: FilterKind): boolean => kind === "words" || kind === "links" || kind === "files";
export const hasMode = (kind: FilterKind): boolean => kind === "links" || kind === "files";
export const hasTime = (kind: FilterKind): boolean => kind === "repeats" || kind === "rate";

export const blankFilter: FilterDraft = {
  name: "",
  kind: "words",
  enabled: true,
  actions: ["block"],
  seconds: 3600,
  category: "other",
  exemptRoles: [],
  exemptChannels: [],
  list: [],
  mode: "deny",
  count: 5,
  within: 60,
};

const texts = (value: unknown): string[] => asList(value).flatMap((each) => asText(each) ?? []);

function read(value: unknown): TextFilter {
  const raw = asRaw(value);
  return {
    name: asText(raw["name"]) ?? "",
    kind: filterKinds.find((kind) => kind === raw["kind"]) ?? "words",
    enabled: raw["enabled"] === true,
    actions: filterActions.filter((action) => asList(raw["actions"]).includes(action)),
    seconds: asNumber(raw["duration_s"]) ?? 3600,
    category: asText(raw["category"]) ?? "other",
    exemptRoles: texts(raw["exempt_roles"]),
    exemptChannels: texts(raw["exempt_channels"]),
    list: texts(raw["list"]),
    mode: raw["mode"] === "allow" ? "allow" : "deny",
    count: asNumber(raw["count"]) ?? 5,
    within: asNumber(raw["within_s"]) ?? 60,
    author: readPerson(raw["author"]),
    version: asNumber(raw["version"]) ?? 0,
  };
}

const bodyOf = (draft: FilterDraft): Record<string, unknown> => ({
  kind: draft.kind,
  enabled: draft.enabled,
  actions: draft.actions,
  duration_s: draft.seconds,
  category: draft.category,
  exempt_roles: draft.exemptRoles,
  exempt_channels: draft.exemptChannels,
  list: hasList(draft.kind) ? draft.list : [],
  mode: draft.mode,
  count: draft.count,
  within_s: draft.within,
});

export async function fetchFilters(): Promise<TextFilter[]> {
  return (await get<Page<unknown>>("/moderation/filters")).items.map(read);
}

const pathOf = (name: string): string => `/moderation/filters/${encodeURIComponent(name)}`;

/** The version is 0 for a new filter, so that it never replaces one of the same name. */
export async function saveFilter(draft: FilterDraft, version: number, key: string): Promise<void> {
  await api("PUT", pathOf(draft.name), { body: bodyOf(draft), key, version });
  invalidate(filtersKey);
}

export async function deleteFilter(filter: TextFilter): Promise<void> {
  await del(pathOf(filter.name));
  invalidate(filtersKey);
}

function readHit(value: unknown): Hit {
  const raw = asRaw(value);
  return {
    found: asText(raw["found"]) ?? "",
    element: asText(raw["element"]),
    start: asNumber(raw["start"]) ?? null,
    end: asNumber(raw["end"]) ?? null,
  };
}

export async function tryFilter(draft: FilterDraft, text: string): Promise<Hit[]> {
  return asList(asRaw(await post<unknown>("/moderation/filters/try", { filter: bodyOf(draft), text }))["hits"])
    .map(readHit);
}

export async function dryRun(draft: FilterDraft): Promise<Run> {
  const raw = asRaw(await post<unknown>("/moderation/filters/dry-run", { filter: bodyOf(draft) }));
  return {
    examined: asNumber(raw["examined"]) ?? 0,
    hits: asNumber(raw["hits"]) ?? 0,
    items: asList(raw["items"]).map(asRaw).map((each) => ({
      id: asText(each["message_id"]) ?? "",
      channel: asText(each["conversation_name"]) ?? "",
      author: readPerson(each["author"]),
      content: asText(each["content"]) ?? "",
      at: asText(each["created_at"]),
      hit: readHit(each["hit"]),
    })),
  };
}

export interface Choices {
  roles: { id: string; name: string }[];
  channels: { id: string; name: string }[];
}

/** The roles and channels that a filter can leave out. */
export async function fetchChoices(): Promise<Choices> {
  const named = (value: unknown) =>
    asList(asRaw(value)["items"]).map(asRaw).map((each) => ({
      id: asText(each["id"]) ?? "",
      name: asText(each["name"]) ?? "",
    }));
  const [roles, channels] = await Promise.all([
    get<unknown>("/roles", { limit: 200 }).catch(() => null),
    get<unknown>("/channels").catch(() => null),
  ]);
  return { roles: named(roles), channels: named(channels) };
}

/** The parts of a text before, in and after what was found; scalars, as the server counts. */
export function split(text: string, hit: Hit): [string, string, string] {
  if (hit.start === null || hit.end === null) return [text, "", ""];
  const scalars = Array.from(text);
  return [
    scalars.slice(0, hit.start).join(""),
    scalars.slice(hit.start, hit.end).join(""),
    scalars.slice(hit.end).join(""),
  ];
}
