// How many are in each status: counted from what we follow when that is everybody, else asked of the server.
import { useEffect, useMemo, useState } from "react";
import { get, type Page } from "../../lib/api";
import { type Growing, usePages, useQuery } from "../../lib/query";
import type { Raw } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { census, useEverybody } from "../presence/interest";
import { tally } from "../presence/presences";
import { fetchPage } from "../users/people";

export interface Counts {
  online: number;
  idle: number;
  dnd: number;
  offline: number | null;
  members: number | null;
}

const totalOf = async (query: Record<string, string>): Promise<number | null> =>
  (await get<Page<Raw>>("/users", { ...query, private: false, limit: 1, count: true })).total ?? null;

/** Counts for those who follow presence, and the number of members for those who see them; null while unknown. */
export function useCounts(follows: boolean, sees: boolean): { counts: Counts | null; members: number | null } {
  useEverybody(follows);
  const counted = useStore(tally);
  const { taken, whole } = useStore(census);
  const { pages } = useRecentPeople(sees);
  const members = pages?.total ?? null;
  const asked = useAsked(taken && !whole);
  const counts = useMemo<Counts | null>(() => {
    if (!taken) return null;
    const found = { online: 0, idle: 0, dnd: 0 };
    if (whole) {
      for (const status of ["online", "idle", "dnd"] as const) found[status] = counted[status] ?? 0;
    } else if (asked) Object.assign(found, asked);
    const there = found.online + found.idle + found.dnd;
    return { ...found, members, offline: members === null ? null : Math.max(0, members - there) };
  }, [counted, taken, whole, members, asked]);
  return { counts, members };
}

const recent = { sort: "-last_seen_at" };
const most = 8;

/** The people who were seen last, with how many there are of all. */
export const useRecentPeople = (wanted: boolean): Growing<string> =>
  usePages<string>(wanted ? "users:recent" : null, (cursor) => fetchPage(recent, cursor, most), { about: ["users"] });

/** A site too large to hold whole: three counts, again every ten seconds. */
function useAsked(wanted: boolean): { online: number; idle: number; dnd: number } | undefined {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!wanted) return;
    const timer = setInterval(() => setTurn((now) => now + 1), 10_000);
    return () => clearInterval(timer);
  }, [wanted]);
  const { data, reload } = useQuery(wanted ? "count:statuses" : null, async () => {
    const [online, idle, dnd] = await Promise.all(["online", "idle", "dnd"].map((status) => totalOf({ status })));
    return { online: online ?? 0, idle: idle ?? 0, dnd: dnd ?? 0 };
  });
  useEffect(() => {
    if (turn > 0) reload();
  }, [turn]);
  return data;
}
