// History entries: read, grouped by day, and described in one sentence each.
import { get, type Page } from "../../lib/api";
import { type Key, type Language, locale, type Values } from "../../lib/i18n";
import { asNumber, asRaw, asText, type Raw } from "../../lib/resources";
import type { IconName } from "../../ui/Icon";

export interface HistoryEntry {
  id: string;
  type: string;
  at: string;
  target: { kind: string; id: string | null; name: string | null };
  detail: Raw;
}

export const families = [
  "like",
  "favorite",
  "rating",
  "watchlist",
  "seen",
  "friend",
  "role",
  "status",
  "session",
] as const;
export type Family = typeof families[number];

const icons: Record<Family, IconName> = {
  like: "heart",
  favorite: "star",
  rating: "bars",
  watchlist: "bookmark",
  seen: "check",
  friend: "members",
  role: "roles",
  status: "smile",
  session: "device",
};

/** Families whose types begin with another word. */
const others: Record<string, Family> = { auth: "session" };

export function familyOf(type: string): Family | null {
  const first = type.split(".")[0] ?? "";
  return families.find((each) => each === first) ?? others[first] ?? null;
}

export const iconOf = (type: string): IconName => {
  const family = familyOf(type);
  return family ? icons[family] : "history";
};

export function readEntry(value: unknown): HistoryEntry {
  const raw = asRaw(value);
  const target = asRaw(raw["target"]);
  return {
    id: asText(raw["id"]) ?? "",
    type: asText(raw["type"]) ?? "",
    at: asText(raw["at"]) ?? "",
    target: {
      kind: asText(target["kind"]) ?? "",
      id: asText(target["id"]),
      name: asText(target["name"]),
    },
    detail: asRaw(raw["detail"]),
  };
}

export interface Wanted {
  family: Family | null;
  /** `2026-01`, in the reader's time zone. */
  month: string | null;
}

/** A month of the reader's calendar as two moments; the second is exclusive. */
export function boundsOf(month: string): { from: string; to: string } | null {
  const [, year, number] = /^(\d{4})-(\d{2})$/.exec(month) ?? [];
  if (!year || !number) return null;
  const start = (at: number) => new Date(Number(year), at, 1).toISOString();
  return { from: start(Number(number) - 1), to: start(Number(number)) };
}

export async function fetchHistory(id: string, wanted: Wanted, cursor: string | null): Promise<Page<HistoryEntry>> {
  const bounds = wanted.month === null ? null : boundsOf(wanted.month);
  const page = await get<Page<unknown>>(`/users/${id}/history`, {
    type: wanted.family,
    from: bounds?.from,
    to: bounds?.to,
    limit: 50,
    cursor,
  });
  return { ...page, items: page.items.map(readEntry) };
}

/** The months of the last year, the present one first, as `2026-01`. */
export function monthsBefore(now: Date, count = 12): string[] {
  return Array.from({ length: count }, (_, index) => {
    const at = new Date(now.getFullYear(), now.getMonth() - index, 1);
    return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}`;
  });
}

export function monthLabel(month: string, of: Language): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const text = new Intl.DateTimeFormat(locale(of), { month: "long", year: "numeric" }).format(
    new Date(year, number - 1, 1),
  );
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const dayKey = (at: string): string => {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
};

export interface Day {
  key: string;
  at: string;
  entries: HistoryEntry[];
}

/** The entries grouped by day in the reader's time zone, in their order. */
export function byDay(entries: readonly HistoryEntry[]): Day[] {
  const days: Day[] = [];
  for (const entry of entries) {
    const key = dayKey(entry.at);
    const last = days[days.length - 1];
    if (last?.key === key) last.entries.push(entry);
    else days.push({ key, at: entry.at, entries: [entry] });
  }
  return days;
}

/** `Today`, `Yesterday`, else the day with its weekday. */
export function dayLabel(at: string, now: number, of: Language): { key: Key } | { text: string } {
  if (dayKey(at) === dayKey(new Date(now).toISOString())) return { key: "history.today" };
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (dayKey(at) === dayKey(yesterday.toISOString())) return { key: "history.yesterday" };
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const text = new Intl.DateTimeFormat(locale(of), {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(new Date(at));
  return { text: text.charAt(0).toUpperCase() + text.slice(1) };
}

const plain: Record<string, Key> = {
  "favorite.added": "history.say.favorite.added",
  "favorite.removed": "history.say.favorite.removed",
  "like.added": "history.say.like.added",
  "like.removed": "history.say.like.removed",
  "watchlist.added": "history.say.watchlist.added",
  "watchlist.removed": "history.say.watchlist.removed",
  "seen.added": "history.say.seen.added",
  "seen.removed": "history.say.seen.removed",
  "rating.removed": "history.say.rating.removed",
  "hidden.added": "history.say.hidden.added",
  "hidden.removed": "history.say.hidden.removed",
  "friend.added": "history.say.friend.added",
  "friend.removed": "history.say.friend.removed",
  "role.assigned": "history.say.role.assigned",
  "role.revoked": "history.say.role.revoked",
};

/** The sentence of an entry: its key and its values, apart from the target, which the page shows as a link. */
export function sentenceOf(entry: HistoryEntry, outOfTen: (stars: number) => string): { key: Key; values: Values } {
  const { type, detail } = entry;
  const [season, number] = [asNumber(detail["season"]), asNumber(detail["number"])];
  if (familyOf(type) === "seen" && season !== undefined && number !== undefined) {
    const isUndone = type === "seen.removed";
    return {
      key: isUndone ? "history.say.episode.unseen" : "history.say.episode.seen",
      values: { season, number },
    };
  }
  const known = plain[type];
  if (known) return { key: known, values: {} };
  switch (familyOf(type)) {
    case "rating": {
      const value = asNumber(detail["value"]);
      const before = asNumber(detail["before"]);
      if (value === undefined) break;
      return before === undefined
        ? { key: "history.say.rating", values: { value: outOfTen(value) } }
        : { key: "history.say.rating.before", values: { value: outOfTen(value), before: outOfTen(before) } };
    }
    case "status": {
      const parts = [asText(detail["status_emoji"]), asText(detail["status_message"]) ?? asText(detail["status"])];
      return { key: "history.say.status", values: { value: parts.filter(Boolean).join(" ") || "–" } };
    }
    case "session": {
      const device = asText(detail["device"]);
      return device
        ? { key: "history.say.session.from", values: { device } }
        : { key: "history.say.session", values: {} };
    }
    default:
  }
  return { key: "history.say.other", values: { type } };
}

/** The page of an entry's target; null without one. */
export function pathOfTarget({ target, detail }: HistoryEntry): string | null {
  if (!target.id) return null;
  // A title of either kind: its page replaces the address by the full one.
  if (target.kind === "media") return `/films/${target.id}`;
  const username = asText(detail["username"]);
  return target.kind === "user" && username ? `/@${username}` : null;
}

/** Whether entries of the type are shown to the person alone. */
export const isPrivate = (type: string): boolean => familyOf(type) === "session" || type.startsWith("hidden.");
