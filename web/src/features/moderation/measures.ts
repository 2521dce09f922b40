// Lockdowns of channels, raid mode, and purges of messages.
import { api, del, get, type Page, post, put } from "../../lib/api";
import { invalidate } from "../../lib/query";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";
import type { Card } from "../presence/cards";
import { readPerson } from "../sanctions/sanctions";

export interface Measure {
  id: string;
  channels: string[];
  reason: string | null;
  startedBy: Card | null;
  endsAt: string | null;
}

export const doors = ["unchanged", "approval", "invitation"] as const;
export type Door = (typeof doors)[number];

export interface RaidRule {
  enabled: boolean;
  joins: number;
  joinsWithin: number;
  accounts: number;
  accountsWithin: number;
  seconds: number;
  age: number;
  slowMode: number;
  holds: boolean;
  door: Door;
}

export interface Raid {
  active: Measure | null;
  rule: RaidRule;
}

export interface Purge {
  id: string;
  count: number;
  more: boolean;
  from: string | null;
  createdAt: string | null;
  undoneAt: string | null;
}

export const raidKey = "raid";
export const lockdownsKey = "lockdowns";
export const purgesKey = (user: string): string => `purges:${user}`;

function readMeasure(value: unknown): Measure {
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    channels: asList(raw["channels"]).flatMap((each) => asText(each) ?? []),
    reason: asText(raw["reason"]),
    startedBy: readPerson(raw["started_by"]),
    endsAt: asText(raw["ends_at"]),
  };
}

function readRaid(value: unknown): Raid {
  const raw = asRaw(value);
  const rule = asRaw(raw["rule"]);
  return {
    active: raw["active"] ? readMeasure(raw["active"]) : null,
    rule: {
      enabled: rule["enabled"] === true,
      joins: asNumber(rule["joins"]) ?? 20,
      joinsWithin: asNumber(rule["joins_within_s"]) ?? 60,
      accounts: asNumber(rule["accounts"]) ?? 5,
      accountsWithin: asNumber(rule["accounts_within_s"]) ?? 60,
      seconds: asNumber(rule["duration_s"]) ?? 1800,
      age: asNumber(rule["age_s"]) ?? 86_400,
      slowMode: asNumber(rule["slow_mode_s"]) ?? 30,
      holds: rule["holds"] === true,
      door: doors.find((door) => door === rule["door"]) ?? "approval",
    },
  };
}

export const fetchRaid = async (): Promise<Raid> => readRaid(await get<unknown>("/moderation/raid"));

export async function saveRule(rule: RaidRule, key: string): Promise<void> {
  await put("/moderation/raid", {
    enabled: rule.enabled,
    joins: rule.joins,
    joins_within_s: rule.joinsWithin,
    accounts: rule.accounts,
    accounts_within_s: rule.accountsWithin,
    duration_s: rule.seconds,
    age_s: rule.age,
    slow_mode_s: rule.slowMode,
    holds: rule.holds,
    door: rule.door,
  }, { key });
  invalidate(raidKey);
}

export async function startRaid(): Promise<void> {
  await post("/moderation/raid");
  invalidate(raidKey);
}

export async function endRaid(restore: boolean): Promise<void> {
  await api("DELETE", `/moderation/raid?restore=${restore}`);
  invalidate(raidKey);
  invalidate("cases");
}

export async function fetchLockdowns(): Promise<Measure[]> {
  return (await get<Page<unknown>>("/moderation/lockdowns")).items.map(readMeasure);
}

export async function startLockdown(channels: string[], seconds: number, reason: string, key: string): Promise<void> {
  await post("/moderation/lockdowns", { channels, duration_s: seconds, ...(reason ? { reason } : {}) }, { key });
  invalidate(lockdownsKey);
}

export async function endLockdown(id: string): Promise<void> {
  await del(`/moderation/lockdowns/${id}`);
  invalidate(lockdownsKey);
}

export interface Rule {
  kind: "warn" | "mute";
  count: number;
  /** Seconds. */
  within: number;
  result: "mute" | "kick" | "ban";
  /** Null: permanent. */
  seconds: number | null;
}

export const escalationsKey = "escalations";

export async function fetchEscalations(): Promise<Rule[]> {
  return (await get<Page<unknown>>("/moderation/escalations")).items.map(asRaw).map((each) => ({
    kind: each["kind"] === "mute" ? "mute" : "warn",
    count: asNumber(each["count"]) ?? 3,
    within: asNumber(each["within_s"]) ?? 2_592_000,
    result: (["mute", "kick", "ban"] as const).find((kind) => kind === each["result_kind"]) ?? "mute",
    seconds: asNumber(each["duration_s"]) ?? null,
  }));
}

export async function saveEscalations(rules: Rule[], key: string): Promise<void> {
  await put("/moderation/escalations", {
    items: rules.map((rule) => ({
      kind: rule.kind,
      count: rule.count,
      within_s: rule.within,
      result_kind: rule.result,
      ...(rule.seconds === null ? {} : { duration_s: rule.seconds }),
    })),
  }, { key });
  invalidate(escalationsKey);
}

function readPurge(value: unknown): Purge {
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    count: asNumber(raw["count"]) ?? 0,
    more: raw["more"] === true,
    from: asText(raw["from"]),
    createdAt: asText(raw["created_at"]),
    undoneAt: asText(raw["undone_at"]),
  };
}

export async function fetchPurges(user: string): Promise<Purge[]> {
  return (await get<Page<unknown>>("/moderation/purges", { user })).items.map(readPurge);
}

/** Hides what somebody wrote in the last so many seconds. */
export async function purge(user: string, seconds: number, key: string): Promise<Purge> {
  const from = new Date(Date.now() - seconds * 1000).toISOString();
  const made = readPurge(await post<unknown>("/moderation/purges", { user_id: user, from }, { key }));
  invalidate(purgesKey(user));
  return made;
}

export async function undoPurge(user: string, id: string): Promise<void> {
  await del(`/moderation/purges/${id}`);
  invalidate(purgesKey(user));
}
