// The live feed: what the log held when we came, then what the gateway tells.
import { useEffect } from "react";
import { gateway, readFollowing } from "../../lib/live";
import type { GatewayEvent } from "../../lib/gateway";
import { asProblem, type Problem } from "../../lib/problem";
import { asRaw, asText, type Raw } from "../../lib/resources";
import { createStore, useStore } from "../../lib/store";
import { type Entry, fetchEntries, roleOf } from "../audit/entries";
import { newsworthyActions } from "../audit/Sentence";

export interface Item {
  key: string;
  action: string;
  actorId: string | null;
  actorName: string | null;
  targetId: string | null;
  targetName: string | null;
  targetType: string | null;
  roleId: string | null;
  at: number;
  payload: Raw;
  live: boolean;
}

interface Feed {
  items: readonly Item[];
  loaded: boolean;
  problem: Problem | null;
}

const longest = 80;
/** As many of the log as stand on a screen. */
const past = 20;
export const feed = createStore<Feed>({ items: [], loaded: false, problem: null });

const actionOf: Record<string, string> = {
  "role.created": "role.create",
  "role.updated": "role.update",
  "role.deleted": "role.delete",
  "role.restored": "role.restore",
  "role.assigned": "role.assign",
  "role.revoked": "role.revoke",
  "user.created": "user.create",
  "user.updated": "user.update",
  "user.deleted": "user.delete",
  "user.restored": "user.restore",
  "user.banned": "user.ban",
  "user.unbanned": "user.unban",
  "user.disabled": "user.disable",
  "user.enabled": "user.enable",
  "status.changed": "status.update",
};

/** The name that an event gives to a person. */
function nameIn(value: unknown): string | null {
  const raw = asRaw(value);
  return asText(raw["display_name"]) ?? asText(raw["username"]);
}

export function itemOfEvent(event: GatewayEvent, now: number): Item | null {
  const action = actionOf[event.type];
  if (!action || (event.topic !== "roles" && event.topic !== "users")) return null;
  // To others a choice of status says only that there was one.
  if (action === "status.update" && asText(event["status"]) === null) return null;
  const user = asText(event["user_id"]);
  const role = asText(event["role_id"]) ?? asText(asRaw(event["role"])["id"]);
  const given = Date.parse(asText(event["at"]) ?? asText(event["timestamp"]) ?? "");
  return {
    key: asText(event["request_id"])
      ? `${action}:${asText(event["request_id"])}:${user ?? role}`
      : `${event.topic}:${event.position}`,
    action,
    actorId: asText(event["actor_user_id"]) ?? asText(event["assigned_by"]) ?? asText(event["revoked_by"]) ??
      (action === "status.update" ? user : null),
    actorName: nameIn(event["actor"]) ?? (action === "status.update" && !event["actor"] ? nameIn(event) : null),
    targetId: user ?? role,
    targetName: user ? nameIn(event) : asText(event["role_name"]),
    targetType: user ? "user" : "role",
    roleId: role,
    at: Number.isNaN(given) ? now : given,
    payload: event,
    live: true,
  };
}

export function itemOfEntry(entry: Entry): Item {
  return {
    key: entry.requestId ? `${entry.action}:${entry.requestId}:${entry.targetId}` : entry.id,
    action: entry.action,
    actorId: entry.actorId,
    actorName: entry.actorName,
    targetId: entry.targetId,
    targetName: entry.targetName,
    targetType: entry.targetType,
    roleId: entry.targetType === "role" ? entry.targetId : roleOf(entry.payload),
    at: Date.parse(entry.at ?? "") || 0,
    payload: entry.payload,
    live: false,
  };
}

/** Newest first, each once: the log and the gateway tell of the same act under the same request. */
export function merge(items: readonly Item[], more: readonly Item[]): readonly Item[] {
  const known = new Set(items.map((item) => item.key));
  // Set.add gives back the set: each key of `more` passes once as well.
  const fresh = more.filter((item) => !known.has(item.key) && known.add(item.key));
  if (fresh.length === 0) return items;
  // Of the statuses that one person chose only the last says anything.
  const chosen = new Set<string | null>();
  return [...items, ...fresh].sort((a, b) => b.at - a.at).filter((item) => {
    if (item.action !== "status.update") return true;
    const isFirst = !chosen.has(item.targetId);
    chosen.add(item.targetId);
    return isFirst;
  }).slice(0, longest);
}

async function loadPast(): Promise<void> {
  try {
    const page = await fetchEntries({ result: "success", action: newsworthyActions }, null, past);
    const items = page.items.map(itemOfEntry);
    feed.set((now) => ({ items: merge(now.items, items), loaded: true, problem: null }));
  } catch (error) {
    feed.set((now) => ({ ...now, loaded: true, problem: asProblem(error) }));
  }
}

/** Follows the feed for as long as it is on screen. */
export function useFeed(audits: boolean): Feed {
  useEffect(() => {
    const again = () => (audits ? void loadPast() : feed.set((now) => ({ ...now, loaded: true })));
    const unlisten = gateway.on(["role.*", "user.*", "status.changed"], (event) => {
      const item = itemOfEvent(event, Date.now());
      if (item) feed.set((now) => ({ ...now, items: merge(now.items, [item]) }));
    });
    const leaves = [readFollowing("roles", again), gateway.subscribe("users", () => undefined)];
    return () => {
      unlisten();
      for (const leave of leaves) leave();
    };
  }, [audits]);
  return useStore(feed);
}
