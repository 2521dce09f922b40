// Acts upon many members at once: prepared, looked at, begun, followed, undone.
import { roleTitle } from "../../lib/roleTitle";
import { get, post } from "../../lib/api";
import type { Words } from "../../lib/i18n";
import { asList, asNumber, asRaw, asText, type Role } from "../../lib/resources";
import type { IconName } from "../../ui/Icon";

export const bulkNames = [
  "give_role",
  "take_role",
  "add_tag",
  "remove_tag",
  "disable",
  "enable",
  "ban",
  "unban",
  "delete",
  "restore",
] as const;

export type BulkAction = (typeof bulkNames)[number];

interface Needs {
  /** The permission. */
  needs: string;
  icon: IconName;
  /** What it asks to be told. */
  fields: readonly ("role" | "tag" | "reason" | "duration")[];
  danger?: boolean;
}

export const bulkActions: Readonly<Record<BulkAction, Needs>> = {
  give_role: { needs: "roles.assign", icon: "roles", fields: ["role", "reason"] },
  take_role: { needs: "roles.assign", icon: "minus", fields: ["role", "reason"] },
  add_tag: { needs: "users.update", icon: "plus", fields: ["tag"] },
  remove_tag: { needs: "users.update", icon: "minus", fields: ["tag"] },
  disable: { needs: "users.disable", icon: "lock", fields: ["reason"] },
  enable: { needs: "users.disable", icon: "check", fields: ["reason"] },
  ban: { needs: "moderation.ban", icon: "ban", fields: ["reason", "duration"], danger: true },
  unban: { needs: "moderation.ban", icon: "undo", fields: [] },
  delete: { needs: "users.delete", icon: "trash", fields: [], danger: true },
  restore: { needs: "users.delete", icon: "undo", fields: [] },
};

/** Whom: those that were ticked, or all that the filters let through. */
export type BulkTarget = { users: readonly string[] } | { filter: string };

/** What the dialog is about: an act upon these, or a job that was begun. */
export type Acting = { action: BulkAction; target: BulkTarget; onBegun: () => void } | { job: BulkJob };

export interface BulkOrder {
  action: BulkAction;
  role?: string;
  tag?: string;
  reason?: string;
  duration_s?: number;
}

export interface BulkJob {
  id: string;
  action: BulkAction;
  state: "prepared" | "running" | "done" | "cancelled" | "stopped";
  total: number;
  settled: number;
  changed: number;
  unchanged: number;
  failed: number;
  role: string | null;
  tag: string | null;
  canUndo: boolean;
  /** The job that this one takes back. */
  undoes: string | null;
  isUndone: boolean;
  /** Empty until it is over. */
  endedAt: string;
}

export interface BulkFailure {
  id: string;
  name: string;
  detail: string;
}

export interface BulkPreview {
  checked: number;
  changed: number;
  unchanged: number;
  refused: BulkFailure[];
}

const count = (value: unknown): number => asNumber(value) ?? 0;

export function readJob(value: unknown): BulkJob {
  const raw = asRaw(value);
  const states = ["prepared", "running", "done", "cancelled", "stopped"] as const;
  return {
    id: asText(raw["id"]) ?? "",
    action: bulkNames.find((name) => name === raw["action"]) ?? "enable",
    state: states.find((state) => state === raw["state"]) ?? "stopped",
    total: count(raw["total"]),
    settled: count(raw["settled"]),
    changed: count(raw["changed"]),
    unchanged: count(raw["unchanged"]),
    failed: count(raw["failed"]),
    role: asText(raw["role"]),
    tag: asText(raw["tag"]),
    canUndo: raw["can_undo"] === true,
    undoes: asText(raw["undoes"]),
    isUndone: asText(raw["undone_by"]) !== null,
    endedAt: asText(raw["ended_at"]) ?? "",
  };
}

function readFailure(value: unknown): BulkFailure {
  const raw = asRaw(value);
  const user = asRaw(raw["user"]);
  const id = asText(user["id"]) ?? "";
  const name = asText(user["display_name"]) ?? asText(user["username"]) ?? `#${id.slice(0, 8)}`;
  return { id, name, detail: asText(raw["detail"]) ?? "" };
}

export const prepareBulk = async (order: BulkOrder, target: BulkTarget, key: string): Promise<BulkJob> =>
  readJob(await post<unknown>("/users/bulk", { ...order, ...target }, { key }));

export async function previewBulk(id: string): Promise<BulkPreview> {
  const raw = asRaw(await get<unknown>(`/users/bulk/${id}/preview`));
  return {
    checked: count(raw["checked"]),
    changed: count(raw["changed"]),
    unchanged: count(raw["unchanged"]),
    refused: asList(raw["refused"]).map(readFailure),
  };
}

export async function bulkFailures(id: string, cursor: string | null) {
  const raw = asRaw(await get<unknown>(`/users/bulk/${id}/failures`, { limit: 50, cursor }));
  return { items: asList(raw["items"]).map(readFailure), next: asText(raw["next"]) };
}

/** What is done, as a title. */
export const sayAction = (action: BulkAction, t: Words): string => t(`bulk.action.${action}`).replace(/\s?…$/, "");

/** The same with the role or the tag. */
export function sayJob(job: BulkJob, t: Words, roles: readonly Role[]): string {
  const action = sayAction(job.action, t);
  const role = roles.find((role) => role.id === job.role);
  const what = job.tag ?? (role && roleTitle(role.name, t));
  return what ? t("bulk.of", { action, what }) : action;
}

/** What came of it: "Done · 396 changed · 4 refused". */
export function sayResult(job: BulkJob, t: Words): string {
  if (job.state === "prepared" || job.state === "running") {
    return t("bulk.job.running", { settled: job.settled, total: job.total });
  }
  const parts = [t(`bulk.job.${job.state}`), t("bulk.job.changed", { count: job.changed })];
  if (job.failed > 0) parts.push(t("bulk.job.refused", { count: job.failed }));
  return parts.join(" · ");
}

export const isOver = (job: BulkJob): boolean => job.state !== "prepared" && job.state !== "running";
