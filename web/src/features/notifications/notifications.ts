// Notifications: the list, the unread count, and the browser's notifications.
import { get, type Page, patch, post } from "../../lib/api";
import { gateway, whenMissed } from "../../lib/live";
import { asProblem } from "../../lib/problem";
import { amend, invalidate, type Pages, usePages, useQuery, watchQuery } from "../../lib/query";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";
import { sayProblem } from "../../ui/Toasts";
import { type Card, learnCards } from "../presence/cards";
import { setUnread } from "./unread";

export interface Notification {
  id: string;
  kind: string;
  count: number;
  title: string;
  body: string | null;
  url: string;
  actor: Card | null;
  read_at: string | null;
  /** When the last event of the group came. */
  created_at: string;
}

export function readNotification(value: unknown): Notification {
  const raw = asRaw(value);
  const url = asText(raw["url"]) ?? "/notifications";
  return {
    id: asText(raw["id"]) ?? "",
    kind: asText(raw["kind"]) ?? "",
    count: asNumber(raw["count"]) ?? 1,
    title: asText(raw["title"]) ?? "",
    body: asText(raw["body"]),
    // Only paths of this site.
    url: url.startsWith("/") && !url.startsWith("//") ? url : "/notifications",
    actor: raw["actor"] ? learnCards([raw["actor"]])[0] ?? null : null,
    read_at: asText(raw["read_at"]),
    created_at: asText(raw["updated_at"]) ?? asText(raw["created_at"]) ?? "",
  };
}

const key = (unread: boolean): string => (unread ? "notifications:unread" : "notifications");

async function fetchSome(unread: boolean, cursor: string | null, limit: number): Promise<Page<Notification>> {
  const answer = await get<Page<unknown> & { unread?: number }>("/notifications", {
    limit,
    cursor,
    ...(unread ? { unread: true } : {}),
  });
  if (typeof answer.unread === "number") setUnread(answer.unread);
  return { ...answer, items: answer.items.map(readNotification) };
}

export const useNotifications = (unread: boolean) =>
  usePages<Notification>(key(unread), (cursor) => fetchSome(unread, cursor, 50), {
    about: ["notifications"],
    fresh: 60_000,
  });

const recentKey = "notifications:recent";
const fetchRecent = () => fetchSome(false, null, 20).then(({ items }) => items);

/** The latest ones, for the bell. */
export const useRecent = () =>
  useQuery<Notification[]>(recentKey, fetchRecent, { about: ["notifications"], fresh: 60_000 });

const mark = (ids: readonly string[] | null, at: string | null) => (all: readonly Notification[]): Notification[] =>
  all.map((each) => (ids === null || ids.includes(each.id) ? { ...each, read_at: at ?? each.read_at } : each));

function showRead(ids: readonly string[] | null): void {
  const change = mark(ids, new Date().toISOString());
  amend<Notification[]>(recentKey, change);
  for (const unread of [true, false]) {
    amend<Pages<Notification>>(key(unread), (pages) => ({ ...pages, items: change(pages.items) }));
  }
}

/** @param ids null for all. */
export async function markRead(ids: readonly string[] | null): Promise<void> {
  if (ids?.length === 0) return;
  showRead(ids);
  if (ids === null) setUnread(0);
  try {
    const answer = asRaw(await post<unknown>("/notifications/read", ids === null ? { all: true } : { ids }));
    setUnread(asNumber(answer["unread"]) ?? 0);
  } catch (error) {
    sayProblem(asProblem(error));
    invalidate("notifications");
  }
}

export interface Preferences {
  kinds: Readonly<Record<string, { in_app: boolean; browser: boolean }>>;
}

export const preferencesKey = "notifications:preferences";

function readPreferences(value: unknown): Preferences {
  const kinds = asRaw(asRaw(value)["kinds"]);
  return {
    kinds: Object.fromEntries(
      Object.entries(kinds).map(([kind, each]) => {
        const raw = asRaw(each);
        return [kind, { in_app: raw["in_app"] !== false, browser: raw["browser"] === true }];
      }),
    ),
  };
}

export const fetchPreferences = (signal: AbortSignal): Promise<Preferences> =>
  get<unknown>("/notifications/preferences", {}, signal).then(readPreferences);

export const usePreferences = () => useQuery<Preferences>(preferencesKey, fetchPreferences);

/** Changes one preference at once, and reverts it when the server refuses. */
export async function setPreference(kind: string, way: "in_app" | "browser", isOn: boolean): Promise<void> {
  amend<Preferences>(preferencesKey, ({ kinds }) => ({
    kinds: { ...kinds, [kind]: { in_app: true, browser: false, ...kinds[kind], [way]: isOn } },
  }));
  try {
    await patch("/notifications/preferences", { kinds: { [kind]: { [way]: isOn } } });
  } catch (error) {
    sayProblem(asProblem(error));
  } finally {
    invalidate(preferencesKey);
  }
}

/** Follows notifications while somebody is signed in. */
export function followNotifications(tell: (notification: Notification, aloud: boolean) => void): () => void {
  const leaves = [
    watchQuery(recentKey, fetchRecent, { about: ["notifications"], fresh: 60_000 }),
    gateway.on("notification.created", (event) => {
      const notification = readNotification(event["notification"]);
      setUnread(asNumber(event["unread"]) ?? 0);
      invalidate("notifications");
      // `browser` includes the preference and the status “do not disturb”.
      tell(notification, event["browser"] === true);
    }),
    gateway.on("notification.updated", (event) => {
      setUnread(asNumber(event["unread"]) ?? 0);
      const ids = asList(event["ids"]).flatMap((id) => asText(id) ?? []);
      showRead(event["all"] === true ? null : ids);
      invalidate("notifications");
    }),
    gateway.on("notification.preferences", () => invalidate(preferencesKey)),
    whenMissed(() => invalidate("notifications")),
  ];
  return () => leaves.forEach((leave) => leave());
}
