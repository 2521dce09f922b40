// Acts upon many members at once: prepared, looked at, begun, followed, undone.
import { get, post } from "../../lib/api";
import { invalidate } from "../../lib/query";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";
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
  canUndo: boolean;
  isUndo: boolean;
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

function readJob(value: unknown): BulkJob {
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
    canUndo: raw["can_undo"] === true,
    isUndo: asText(raw["undoes"]) !== null,
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

export const steerBulk = async (id: string, verb: "run" | "cancel" | "undo"): Promise<BulkJob> =>
  readJob(await post<unknown>(`/users/bulk/${id}/${verb}`));

export const readBulk = async (id: string): Promise<BulkJob> => readJob(await get<unknown>(`/users/bulk/${id}`));

export async function bulkFailures(id: string, cursor: string | null) {
  const raw = asRaw(await get<unknown>(`/users/bulk/${id}/failures`, { limit: 50, cursor }));
  return { items: asList(raw["items"]).map(readFailure), next: asText(raw["next"]) };
}

export const isOver = (job: BulkJob): boolean => job.state !== "prepared" && job.state !== "running";

/** Follows a job until it is over; the lists are read again then. */
export function followBulk(
  id: string,
  onChange: (job: BulkJob) => void,
  onProblem: (error: unknown) => void,
): () => void {
  let timer = 0;
  let stopped = false;
  const look = async () => {
    try {
      const job = await readBulk(id);
      if (stopped) return;
      onChange(job);
      if (isOver(job)) return invalidate("user");
    } catch (error) {
      if (!stopped) onProblem(error);
    }
    if (!stopped) timer = window.setTimeout(() => void look(), 700);
  };
  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
