// Cases with their reports, evidence, decisions and appeals; sanctions of others; the journal.
import { api, del, get, type Page, post, withQuery } from "../../lib/api";
import { gateway, whenMissed } from "../../lib/live";
import { invalidate } from "../../lib/query";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";
import { type Entry, readEntry } from "../audit/entries";
import type { Card } from "../presence/cards";
import { asKind, type Kind, readPerson, readSanction, type Sanction } from "../sanctions/sanctions";
import { waiting } from "./waiting";

export interface CaseLine {
  id: string;
  kind: "report" | "appeal";
  target: string;
  subject: Card | null;
  state: "open" | "decided" | "merged";
  severity: number;
  category: string;
  reportCount: number;
  assignee: Card | null;
  openedAt: string | null;
  dueAt: string | null;
  overdue: boolean;
  decidedAt: string | null;
  decidedBy: Card | null;
  outcome: string | null;
  reason: string | null;
  mergedInto: string | null;
  version: number;
}

export interface Said {
  id: string;
  author: Card | null;
  content: string;
  createdAt: string | null;
  editedAt: string | null;
}

export interface Evidence {
  at: string | null;
  message: Said | null;
  versions: { content: string; at: string | null }[];
  before: Said[];
  after: Said[];
  profile: { name: string; username: string; bio: string | null; status: string | null } | null;
}

export interface Escalation {
  counted: number;
  count: number;
  fires: boolean;
  kind: Kind;
  seconds: number | null;
}

export interface AppealOfCase {
  id: string;
  state: string;
  text: string;
  answer: string | null;
  sanction: Sanction | null;
  evidence: Evidence[];
  mayDecide: boolean;
}

export interface Case extends CaseLine {
  reports: {
    id: string;
    reporter: Card | null;
    category: string;
    text: string | null;
    filter: string | null;
    createdAt: string | null;
  }[];
  evidence: Evidence[];
  notes: { id: string; author: Card | null; text: string; createdAt: string | null }[];
  acts: { kind: string; outcome: string; undoneAt: string | null }[];
  exists: boolean;
  hidden: boolean;
  deletedAt: string | null;
  deletedBy: Card | null;
  byAuthor: boolean;
  sanctions: Sanction[];
  nextWarning: Escalation | null;
  appeal: AppealOfCase | null;
}

function readLine(value: unknown): CaseLine {
  const raw = asRaw(value);
  const state = asText(raw["state"]);
  return {
    id: asText(raw["id"]) ?? "",
    kind: raw["kind"] === "appeal" ? "appeal" : "report",
    target: asText(raw["target_type"]) ?? "user",
    subject: readPerson(raw["subject"]),
    state: state === "decided" || state === "merged" ? state : "open",
    severity: asNumber(raw["severity"]) ?? 1,
    category: asText(raw["category"]) ?? "other",
    reportCount: asNumber(raw["report_count"]) ?? 0,
    assignee: readPerson(raw["assignee"]),
    openedAt: asText(raw["opened_at"]),
    dueAt: asText(raw["due_at"]),
    overdue: raw["overdue"] === true,
    decidedAt: asText(raw["decided_at"]),
    decidedBy: readPerson(raw["decided_by"]),
    outcome: asText(raw["outcome"]),
    reason: asText(raw["reason"]),
    mergedInto: asText(raw["merged_into"]),
    version: asNumber(raw["version"]) ?? 0,
  };
}

function readSaid(value: unknown): Said | null {
  if (!value) return null;
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    author: readPerson(raw["author"]),
    content: asText(raw["content"]) ?? "",
    createdAt: asText(raw["created_at"]),
    editedAt: asText(raw["edited_at"]),
  };
}

const saids = (value: unknown): Said[] => asList(value).flatMap((each) => readSaid(each) ?? []);

function readEvidence(value: unknown): Evidence {
  const raw = asRaw(value);
  const content = asRaw(raw["content"]);
  const user = content["user"] ? asRaw(content["user"]) : null;
  return {
    at: asText(raw["at"]),
    message: readSaid(content["message"]),
    versions: asList(content["versions"]).map(asRaw).map((each) => ({
      content: asText(each["content"]) ?? "",
      at: asText(each["at"]),
    })),
    before: saids(content["before"]),
    after: saids(content["after"]),
    profile: user && {
      name: asText(user["display_name"]) ?? "",
      username: asText(user["username"]) ?? "",
      bio: asText(user["bio"]),
      status: asText(user["status_message"]),
    },
  };
}

function readEscalation(value: unknown): Escalation | null {
  if (!value) return null;
  const raw = asRaw(value);
  return {
    counted: asNumber(raw["counted"]) ?? 0,
    count: asNumber(raw["count"]) ?? 0,
    fires: raw["fires"] === true,
    kind: asKind(raw["result_kind"]),
    seconds: asNumber(raw["duration_s"]) ?? null,
  };
}

function readAppeal(value: unknown): AppealOfCase | null {
  if (!value) return null;
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    state: asText(raw["state"]) ?? "open",
    text: asText(raw["text"]) ?? "",
    answer: asText(raw["answer"]),
    sanction: raw["sanction"] ? readSanction(raw["sanction"]) : null,
    evidence: asList(raw["evidence"]).map(readEvidence),
    mayDecide: raw["may_decide"] === true,
  };
}

export function readCase(value: unknown): Case {
  const raw = asRaw(value);
  const target = asRaw(raw["target"]);
  return {
    ...readLine(value),
    reports: asList(raw["reports"]).map(asRaw).map((each) => ({
      id: asText(each["id"]) ?? "",
      reporter: readPerson(each["reporter"]),
      category: asText(each["category"]) ?? "other",
      text: asText(each["text"]),
      filter: asText(each["filter"]),
      createdAt: asText(each["created_at"]),
    })),
    evidence: asList(raw["evidence"]).map(readEvidence),
    notes: asList(raw["notes"]).map(asRaw).map((each) => ({
      id: asText(each["id"]) ?? "",
      author: readPerson(each["author"]),
      text: asText(each["text"]) ?? "",
      createdAt: asText(each["created_at"]),
    })),
    acts: asList(raw["acts"]).map(asRaw).map((each) => ({
      kind: asText(each["kind"]) ?? "",
      outcome: asText(each["outcome"]) ?? "",
      undoneAt: asText(each["undone_at"]),
    })),
    exists: target["exists"] === true,
    hidden: target["hidden"] === true,
    deletedAt: asText(target["deleted_at"]),
    deletedBy: readPerson(target["deleted_by"]),
    byAuthor: target["by_author"] === true,
    sanctions: asList(raw["sanctions"]).map(readSanction),
    nextWarning: readEscalation(raw["next_warning"]),
    appeal: readAppeal(raw["appeal"]),
  };
}

// MARK: Reading

export type Filter = "open" | "mine" | "appeals" | "decided";
export const filters: readonly Filter[] = ["open", "mine", "appeals", "decided"];

const asked: Record<Filter, Record<string, string>> = {
  open: { state: "open", kind: "report" },
  mine: { state: "open", assignee: "me" },
  appeals: { state: "open", kind: "appeal" },
  decided: { state: "decided" },
};

export const casesKey = (filter: Filter): string => `cases:${filter}`;
export const caseKey = (id: string): string => `case:${id}`;

export async function fetchCases(filter: Filter, cursor: string | null): Promise<Page<CaseLine>> {
  const page = await get<Page<unknown>>("/cases", { ...asked[filter], cursor });
  return { ...page, items: page.items.map(readLine) };
}

export const fetchCase = async (id: string): Promise<Case> => readCase(await get<unknown>(`/cases/${id}`));

async function count(): Promise<void> {
  const page = await get<Page<unknown>>("/cases", { state: "open", count: true, limit: 1 });
  waiting.set(page.total ?? 0);
}

const again = (id: unknown): void => {
  filters.forEach((filter) => invalidate(casesKey(filter)));
  if (typeof id === "string") invalidate(caseKey(id));
  void count().catch(() => undefined);
};

/** Follows the cases while a member of the team is signed in. */
export function followCases(): () => void {
  void count().catch(() => undefined);
  const leaves = [
    gateway.subscribe("moderation", () => again(null)),
    gateway.on("case.created", (event) => again(event["case_id"])),
    gateway.on("case.updated", (event) => again(event["case_id"])),
    whenMissed(() => again(null)),
  ];
  return () => {
    leaves.forEach((leave) => leave());
    waiting.set(0);
  };
}

// MARK: Acting

export interface Act {
  kind: string;
  duration_s?: number;
  reason?: string;
}

const changed = (found: unknown): Case => {
  const read = readCase(found);
  again(read.id);
  invalidate("sanctions");
  return read;
};

export const take = async (found: CaseLine): Promise<Case> =>
  changed(await api("POST", `/cases/${found.id}/take`, { version: found.version }));
export const release = async (found: CaseLine): Promise<Case> => changed(await del(`/cases/${found.id}/take`));

export const decide = async (found: CaseLine, acts: Act[], reason: string, key: string): Promise<Case> =>
  changed(
    await api("POST", `/cases/${found.id}/decide`, {
      body: { acts, ...(reason ? { reason } : {}) },
      key,
      version: found.version,
    }),
  );

export const note = async (found: CaseLine, text: string, key: string): Promise<Case> =>
  changed(await post(`/cases/${found.id}/notes`, { text }, { key }));

export const merge = async (found: CaseLine, into: string, key: string): Promise<Case> =>
  changed(await post(`/cases/${found.id}/merge`, { into }, { key }));

export const split = async (found: CaseLine): Promise<Case> => changed(await del(`/cases/${found.id}/merge`));

export const answer = async (of: AppealOfCase, accept: boolean, reason: string, key: string): Promise<Case> =>
  changed(await post(`/appeals/${of.id}/decide`, { accept, reason }, { key }));

// MARK: Sanctions of others

export interface SanctionFilter {
  user?: string;
  kind?: string;
  active?: boolean;
}

export const sanctionsKey = (filter: SanctionFilter): string => `sanctions:${JSON.stringify(filter)}`;

export async function fetchSanctions(filter: SanctionFilter, cursor: string | null): Promise<Page<Sanction>> {
  const page = await get<Page<unknown>>("/sanctions", { ...filter, cursor });
  return { ...page, items: page.items.map(readSanction) };
}

export async function impose(
  user: string,
  kind: Kind,
  reason: string,
  seconds: number | null,
  note: string,
  key: string,
): Promise<{ escalation: Sanction | null }> {
  const made = asRaw(
    await post<unknown>("/sanctions", {
      user_id: user,
      kind,
      reason,
      ...(seconds && kind !== "kick" ? { duration_s: seconds } : {}),
      ...(note ? { note } : {}),
    }, { key }),
  );
  return { escalation: made["escalation"] ? readSanction(made["escalation"]) : null };
}

export async function lift(sanction: Sanction, reason: string, key: string): Promise<void> {
  await api("DELETE", `/sanctions/${sanction.id}`, { body: { reason }, key });
}

export async function preview(user: string): Promise<{ escalation: Escalation | null; inForce: Sanction[] }> {
  const raw = asRaw(await get<unknown>("/sanctions/preview", { user, kind: "warn" }));
  return { escalation: readEscalation(raw["escalation"]), inForce: asList(raw["in_force"]).map(readSanction) };
}

export async function fetchJournal(cursor: string | null): Promise<Page<Entry>> {
  const page = await get<Page<unknown>>("/moderation/journal", { cursor });
  return { ...page, items: page.items.map(readEntry) };
}

export const journalFile = withQuery("/api/v1/moderation/journal", { format: "csv", limit: 200 });
