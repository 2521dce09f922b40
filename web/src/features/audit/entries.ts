// The audit log as the screens read it.
import { get, type Page } from "../../lib/api";
import type { Words } from "../../lib/i18n";
import { asRaw, asText, type Raw } from "../../lib/resources";

export interface Entry {
  id: string;
  action: string;
  actorId: string | null;
  actorName: string | null;
  targetType: string | null;
  targetId: string | null;
  targetName: string | null;
  ok: boolean;
  reason: string | null;
  at: string | null;
  ip: string | null;
  agent: string | null;
  requestId: string | null;
  payload: Raw;
  raw: Raw;
}

export function readEntry(value: unknown): Entry {
  const raw = asRaw(value);
  const actor = asRaw(raw["actor"]);
  const target = asRaw(raw["target"]);
  const payload = asRaw(raw["payload"]);
  return {
    id: asText(raw["id"]) ?? "",
    action: asText(raw["action"]) ?? "",
    actorId: asText(raw["actor_user_id"]) ?? asText(actor["id"]),
    actorName: asText(actor["display_name"]) ?? asText(actor["username"]),
    targetType: asText(raw["target_type"]) ?? asText(target["type"]),
    targetId: asText(raw["target_id"]) ?? asText(target["id"]),
    targetName: asText(target["display_name"]) ?? asText(target["username"]) ?? asText(target["name"]),
    ok: raw["result"] !== "fail",
    reason: asText(raw["reason"]) ?? asText(payload["reason"]),
    at: asText(raw["timestamp"]) ?? asText(raw["at"]) ?? asText(raw["created_at"]),
    ip: asText(raw["ip"]),
    agent: asText(raw["user_agent"]),
    requestId: asText(raw["request_id"]),
    payload,
    raw,
  };
}

export type AuditFilters = Record<string, string | null | undefined>;

export async function fetchEntries(filters: AuditFilters, cursor: string | null, limit = 50): Promise<Page<Entry>> {
  const page = await get<Page<unknown>>("/audit", { ...filters, limit, cursor });
  return { ...page, items: page.items.map(readEntry) };
}

/** What the filter offers; the log may hold others. */
export const actions = [
  "role.assign",
  "role.revoke",
  "role.create",
  "role.update",
  "role.delete",
  "role.restore",
  "role.rollback",
  "role.reorder",
  "override.set",
  "override.clear",
  "status.update",
  "user.create",
  "user.update",
  "user.password",
  "user.delete",
  "user.restore",
  "user.disable",
  "user.enable",
  "user.bulk",
  "user.ban",
  "user.unban",
  "user.leave",
  "user.return",
  "registration.approve",
  "registration.refuse",
  "invitation.create",
  "invitation.revoke",
  "settings.update",
  "auth.register",
  "auth.password_reset",
  "auth.setup",
  "auth.login",
  "auth.logout",
  "session.revoke",
  "totp.begin",
  "totp.confirm",
  "totp.remove",
  "totp.reset",
  "api_key.create",
  "api_key.update",
  "api_key.rotate",
  "api_key.revoke",
] as const;

/** An action in words; one that is not known here stays as the log has it. */
export function actionTitle(action: string, t: Words): string {
  const known = actions.find((each) => each === action);
  return known ? t(`action.${known}`) : action;
}

/** The role that an entry about a person names: on the side that has it, since a revocation has no after. */
export const roleOf = (payload: Raw): string | null =>
  asText(payload["role_id"]) ?? asText(asRaw(payload["after"])["role_id"]) ??
    asText(asRaw(payload["before"])["role_id"]);
