// The shapes of the API's resources, and the readers that make them whole whatever the server leaves out.

export type Status = "online" | "idle" | "dnd" | "invisible" | "offline";
export const shownStatuses = ["online", "idle", "dnd", "offline"] as const;

export interface Activity {
  name: string;
  kind: string | null;
  details: string | null;
  started_at: string | null;
}

export interface Presence {
  status: Status;
  status_message: string | null;
  status_emoji: string | null;
  activity: Activity | null;
  last_seen_at: string | null;
  /** Grows per user; what is older is dropped. 0 where the server gave none. */
  version: number;
}

export interface User {
  id: string;
  username: string;
  display_name: string | null;
  email: string | null;
  avatar_url: string | null;
  bio: string | null;
  roles: string[];
  tags: string[];
  /** Effective permissions in few words: `*`, `users.*`, keys; null for those who may not know. */
  summary: string[] | null;
  locale: string | null;
  chosen_status: Status | null;
  status_expires_at: string | null;
  presence: Presence;
  is_banned: boolean;
  is_disabled: boolean;
  ban: { reason: string | null; until: string | null } | null;
  deleted_at: string | null;
  created_at: string | null;
  updated_at: string | null;
  version: number | undefined;
}

export interface Role {
  id: string;
  name: string;
  description: string | null;
  color: string | null;
  icon: string | null;
  priority: number;
  permissions: string[];
  denied: string[];
  inherits: string[];
  is_system: boolean;
  member_count: number | null;
  version: number | undefined;
  deleted_at: string | null;
  created_at: string | null;
  updated_at: string | null;
}

export type Raw = Record<string, unknown>;

export const asRaw = (value: unknown): Raw => (typeof value === "object" && value !== null ? (value as Raw) : {});
export const asText = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
export const asNumber = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const statuses: readonly string[] = ["online", "idle", "dnd", "invisible", "offline"];
export const asStatus = (value: unknown): Status | null =>
  typeof value === "string" && statuses.includes(value) ? (value as Status) : null;

/** A role or a user in a list stands by its id, or as an object that has one. */
const idOf = (value: unknown): string[] => {
  const id = typeof value === "string" ? value : asText(asRaw(value)["id"]) ?? asText(asRaw(value)["role_id"]);
  return id ? [id] : [];
};
export const asIds = (value: unknown): string[] => asList(value).flatMap(idOf);

export const asKeys = (value: unknown): string[] =>
  asList(value).flatMap((each) => (typeof each === "string" ? [each] : asText(asRaw(each)["key"]) ?? []));

export function readActivity(raw: Raw): Activity | null {
  const inner = asRaw(raw["activity"]);
  const name = asText(inner["name"]) ?? asText(raw["activity_name"]);
  if (!name) return null;
  return {
    name,
    kind: asText(inner["kind"]),
    details: asText(inner["details"]),
    started_at: asText(inner["started_at"]),
  };
}

export function readPresence(value: unknown): Presence {
  const raw = asRaw(value);
  return {
    status: asStatus(raw["status"]) ?? "offline",
    status_message: asText(raw["status_message"]),
    status_emoji: asText(raw["status_emoji"]),
    activity: readActivity(raw),
    last_seen_at: asText(raw["last_seen_at"]),
    version: asNumber(raw["presence_version"]) ?? 0,
  };
}

export function readUser(value: unknown): User {
  const raw = asRaw(value);
  const ban = asRaw(raw["ban"]);
  return {
    id: asText(raw["id"]) ?? "",
    username: asText(raw["username"]) ?? "",
    display_name: asText(raw["display_name"]),
    email: asText(raw["email"]),
    avatar_url: asText(raw["avatar_url"]),
    bio: asText(raw["bio"]),
    roles: asIds(raw["roles"]),
    tags: asKeys(raw["tags"]),
    summary: Array.isArray(raw["permissions_summary"]) ? asKeys(raw["permissions_summary"]) : null,
    locale: asText(raw["locale"]),
    chosen_status: asStatus(raw["chosen_status"]),
    status_expires_at: asText(raw["status_expires_at"]),
    presence: readPresence(raw),
    is_banned: raw["is_banned"] === true,
    is_disabled: raw["is_disabled"] === true,
    ban: raw["ban"]
      ? { reason: asText(ban["reason"]), until: asText(ban["until"]) ?? asText(ban["expires_at"]) }
      : null,
    deleted_at: asText(raw["deleted_at"]),
    created_at: asText(raw["created_at"]),
    updated_at: asText(raw["updated_at"]),
    version: asNumber(raw["version"]),
  };
}

export function readRole(value: unknown): Role {
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    name: asText(raw["name"]) ?? "",
    description: asText(raw["description"]),
    color: asText(raw["color"]),
    icon: asText(raw["icon"]),
    priority: asNumber(raw["priority"]) ?? 0,
    permissions: asKeys(raw["permissions"]),
    denied: asKeys(raw["denied"]),
    inherits: asIds(raw["inherits"]),
    is_system: raw["is_system"] === true,
    member_count: asNumber(raw["member_count"]) ?? null,
    version: asNumber(raw["version"]),
    deleted_at: asText(raw["deleted_at"]),
    created_at: asText(raw["created_at"]),
    updated_at: asText(raw["updated_at"]),
  };
}

export const nameOf = (user: Pick<User, "display_name" | "username">): string => user.display_name ?? user.username;
