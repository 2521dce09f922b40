// What somebody did: read, grouped by day, and said in one sentence each.
import { get, type Page } from "../../lib/api";
import { type Key, type Language, locale, type Values } from "../../lib/i18n";
import { asNumber, asRaw, asText, type Raw } from "../../lib/resources";
import type { IconName } from "../../ui/Icon";

export interface Deed {
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

/** Families by the first part of a type, where it is another word. */
const others: Record<string, Family> = { episode: "seen", play: "seen", auth: "session", login: "session" };

export function familyOf(type: string): Family | null {
  const first = type.split(".")[0] ?? "";
  return families.find((each) => each === first) ?? others[first] ?? null;
}

export const iconOfDeed = (type: string): IconName => {
  const family = familyOf(type);
  return family ? icons[family] : "history";
};

export function readDeed(value: unknown): Deed {
  const raw = asRaw(value);
  const target = asRaw(raw["target"]);
  return {
    id: asText(raw["id"]) ?? "",
    type: asText(raw["type"]) ?? "",
    at: asText(raw["at"]) ?? "",
    target: {
      kind: asText(target["kind"]) ?? "",
      id: asText(target["id"]),
      name: asText(target["name"]) ?? asText(target["title"]),
    },
    detail: asRaw(raw["detail"]),
  };
}

export interface Wanted {
  family: Family | null;
  /** `2026-01`, by the day where the reader is. */
  month: string | null;
}

/** A month of the reader's calendar as two moments; the second is outside. */
export function boundsOf(month: string): { from: string; to: string } | null {
  const [, year, number] = /^(\d{4})-(\d{2})$/.exec(month) ?? [];
  if (!year || !number) return null;
  const start = (at: number) => new Date(Number(year), at, 1).toISOString();
  return { from: start(Number(number) - 1), to: start(Number(number)) };
}

export async function fetchHistory(id: string, wanted: Wanted, cursor: string | null): Promise<Page<Deed>> {
  const bounds = wanted.month === null ? null : boundsOf(wanted.month);
  const page = await get<Page<unknown>>(`/users/${id}/history`, {
    type: wanted.family,
    from: bounds?.from,
    to: bounds?.to,
    limit: 50,
    cursor,
  });
  return { ...page, items: page.items.map(readDeed) };
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
  deeds: Deed[];
}

/** The deeds by the day on which they were done here, in their order. */
export function byDay(deeds: readonly Deed[]): Day[] {
  const days: Day[] = [];
  for (const deed of deeds) {
    const key = dayKey(deed.at);
    const last = days[days.length - 1];
    if (last?.key === key) last.deeds.push(deed);
    else days.push({ key, at: deed.at, deeds: [deed] });
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
  "friend.accepted": "history.say.friend.added",
  "friend.removed": "history.say.friend.removed",
  "role.assigned": "history.say.role.assigned",
  "role.revoked": "history.say.role.revoked",
};

/** One sentence of a deed: its key and what fills it but for the target, which is a link where it has a page. */
export function sentenceOf(deed: Deed, outOfTen: (stars: number) => string): { key: Key; values: Values } {
  const { type, detail } = deed;
  const [season, number] = [asNumber(detail["season"]), asNumber(detail["number"] ?? detail["episode"])];
  if (familyOf(type) === "seen" && season !== undefined && number !== undefined) {
    const isUndone = /removed|unseen/.test(type);
    return {
      key: isUndone ? "history.say.episode.unseen" : "history.say.episode.seen",
      values: { season, number },
    };
  }
  const known = plain[type];
  if (known) return { key: known, values: {} };
  switch (familyOf(type)) {
    case "rating": {
      const value = asNumber(detail["value"]) ?? asNumber(detail["to"]);
      const before = asNumber(detail["before"]) ?? asNumber(detail["from"]) ?? asNumber(detail["previous"]);
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
      if (/ended|logout|revoked|closed/.test(type)) return { key: "history.say.session.ended", values: {} };
      const device = asText(detail["device"]) ?? asText(detail["client"]) ?? asText(detail["user_agent"]);
      return device
        ? { key: "history.say.session.from", values: { device } }
        : { key: "history.say.session", values: {} };
    }
    default:
  }
  return { key: "history.say.other", values: { type } };
}

/** Where the target of a deed has its page; null where it has none. */
export function pathOfTarget({ target, detail }: Deed): string | null {
  if (!target.id) return null;
  if (["media", "film", "series", "title", "episode"].includes(target.kind)) {
    return `/${target.kind === "series" ? "series" : "films"}/${target.id}`;
  }
  const username = asText(detail["username"]);
  return target.kind === "user" && username ? `/@${username}` : null;
}

/** Of these nobody but the person themselves hears. */
export const isPrivate = (type: string): boolean => familyOf(type) === "session";
