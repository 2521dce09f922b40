// Conversations and messages of the API, with defaults for missing members.
import { asList, asNumber, asRaw, asText, type Raw } from "../../lib/resources";
import { type Attachment, readAttachments } from "../files/index";
import { type Card, learnCards, readCard } from "../presence/cards";

export type Kind = "direct" | "group" | "channel";
export type Notify = "all" | "mentions" | "nothing";

export interface Conversation {
  id: string;
  kind: Kind;
  name: string | null;
  topic: string | null;
  members: readonly Card[];
  member_count: number;
  /** The owner of a group. */
  owner_id: string | null;
  category_id: string | null;
  visibility: "public" | "private";
  slow_mode_s: number;
  read_only: boolean;
  announcement: boolean;
  last_message: Message | null;
  /** Null for a channel that was never opened. */
  unread: number | null;
  mentions: number;
  read_seq: number | null;
  last_seq: number;
  notify: Notify;
  muted_until: string | null;
  position: number;
  icon_url: string | null;
  /** Messages that never count as unread, and messages that mention everybody; `activity` frames are compared with them. */
  gaps: number;
  broadcasts: number;
  permissions: readonly string[];
  version: number;
}

export interface Reaction {
  emoji: string;
  count: number;
  mine: boolean;
}

export interface Quote {
  id: string;
  author_id: string | null;
  content: string;
  deleted: boolean;
}

export interface Named {
  id: string;
  name: string;
  color: string | null;
}

/** The content of a system message; its author is the person who acted. */
export interface System {
  type: string;
  user_id: string | null;
  name: string | null;
  message_id: string | null;
  /** How long a call lasted. */
  duration_s: number | null;
}

export interface Message {
  id: string;
  conversation_id: string;
  seq: number;
  author_id: string;
  content: string;
  kind: "text" | "system";
  system: System | null;
  reply_to: Quote | null;
  mentions: { users: readonly Card[]; roles: readonly Named[]; everyone: boolean };
  reactions: readonly Reaction[];
  attachments: readonly Attachment[];
  pinned_at: string | null;
  created_at: string;
  edited_at: string | null;
  deleted_at: string | null;
  version: number;
  key: string | null;
}

function readQuote(value: unknown): Quote | null {
  const raw = asRaw(value);
  const id = asText(raw["id"]);
  return id === null ? null : {
    id,
    author_id: asText(raw["author_id"]) ?? asText(asRaw(raw["author"])["id"]),
    content: asText(raw["content"]) ?? "",
    deleted: raw["deleted"] === true || asText(raw["deleted_at"]) !== null,
  };
}

export const readReactions = (value: unknown): Reaction[] =>
  asList(value).map(asRaw).map((raw) => ({
    emoji: asText(raw["emoji"]) ?? "",
    count: asNumber(raw["count"]) ?? 0,
    mine: raw["mine"] === true,
  }));

function readSystem(value: unknown): System | null {
  const raw = asRaw(value);
  const type = asText(raw["type"]);
  if (type === null) return null;
  if (raw["user"]) learnCards([raw["user"]]);
  return {
    type,
    user_id: asText(raw["user_id"]),
    name: asText(raw["name"]),
    message_id: asText(raw["message_id"]),
    duration_s: asNumber(raw["duration_s"]) ?? null,
  };
}

export function readMessage(value: unknown): Message {
  const raw = asRaw(value);
  const author = asRaw(raw["author"]);
  if (asText(author["id"])) learnCards([author]);
  const mentions = asRaw(raw["mentions"]);
  return {
    id: asText(raw["id"]) ?? "",
    conversation_id: asText(raw["conversation_id"]) ?? "",
    seq: asNumber(raw["seq"]) ?? 0,
    author_id: asText(raw["author_id"]) ?? asText(author["id"]) ?? "",
    content: asText(raw["content"]) ?? "",
    kind: raw["kind"] === "system" ? "system" : "text",
    system: readSystem(raw["system"]),
    reply_to: readQuote(raw["reply_to"]),
    mentions: {
      users: learnCards(asList(mentions["users"])),
      roles: asList(mentions["roles"]).map(asRaw).map((each) => ({
        id: asText(each["id"]) ?? "",
        name: asText(each["name"]) ?? "",
        color: asText(each["color"]),
      })),
      everyone: mentions["everyone"] === true,
    },
    reactions: readReactions(raw["reactions"]),
    attachments: readAttachments(raw["attachments"]),
    pinned_at: asText(raw["pinned_at"]),
    created_at: asText(raw["created_at"]) ?? "",
    edited_at: asText(raw["edited_at"]),
    deleted_at: asText(raw["deleted_at"]),
    version: asNumber(raw["version"]) ?? 0,
    key: asText(raw["key"]),
  };
}

const kinds: readonly string[] = ["direct", "group", "channel"];
const levels: readonly string[] = ["all", "mentions", "nothing"];

/** @param before the known state, since events may hold less. */
export function readConversation(value: unknown, before?: Conversation): Conversation {
  const raw = asRaw(value);
  const text = (name: "name" | "topic" | "category_id" | "muted_until" | "owner_id" | "icon_url") =>
    name in raw ? asText(raw[name]) : before?.[name] ?? null;
  const number = <
    N extends
      | "slow_mode_s"
      | "mentions"
      | "last_seq"
      | "position"
      | "version"
      | "member_count"
      | "gaps"
      | "broadcasts",
  >(name: N) => asNumber(raw[name]) ?? before?.[name] ?? 0;
  const nullable = (name: "unread" | "read_seq") => name in raw ? asNumber(raw[name]) ?? null : before?.[name] ?? null;
  const flag = (name: "read_only" | "announcement") => name in raw ? raw[name] === true : before?.[name] ?? false;
  return {
    id: asText(raw["id"]) ?? "",
    kind: kinds.includes(String(raw["kind"])) ? raw["kind"] as Kind : before?.kind ?? "channel",
    name: text("name"),
    topic: text("topic"),
    icon_url: text("icon_url"),
    members: "members" in raw ? readMembers(raw) : before?.members ?? [],
    member_count: number("member_count"),
    owner_id: text("owner_id"),
    category_id: text("category_id"),
    visibility: "visibility" in raw
      ? raw["visibility"] === "private" ? "private" : "public"
      : before?.visibility ?? "public",
    slow_mode_s: number("slow_mode_s"),
    read_only: flag("read_only"),
    announcement: flag("announcement"),
    last_message: "last_message" in raw
      ? raw["last_message"] ? readMessage(raw["last_message"]) : null
      : before?.last_message ?? null,
    unread: nullable("unread"),
    mentions: number("mentions"),
    read_seq: nullable("read_seq"),
    last_seq: number("last_seq"),
    notify: levels.includes(String(raw["notify"])) ? raw["notify"] as Notify : before?.notify ?? "all",
    muted_until: text("muted_until"),
    position: number("position"),
    gaps: number("gaps"),
    broadcasts: number("broadcasts"),
    permissions: "permissions" in raw
      ? asList(raw["permissions"]).flatMap((key) => asText(key) ?? [])
      : before?.permissions ?? [],
    version: number("version"),
  };
}

function readMembers(raw: Raw): Card[] {
  learnCards(asList(raw["members"]));
  return asList(raw["members"]).map(readCard);
}
