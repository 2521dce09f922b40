// Reads the catalogue from the server, and keeps marks of its titles.
import { useEffect } from "react";
import { del, get, type Page, put } from "../../lib/api";
import { EntityStore, useEntity } from "../../lib/entities";
import type { GatewayEvent } from "../../lib/gateway";
import { type Key, type Language, useLanguage } from "../../lib/i18n";
import { gateway } from "../../lib/live";
import { addCacheObserver, type Growing, invalidate, usePages, useQuery } from "../../lib/query";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";
import { sayProblem } from "../../ui/Toasts";
import { type Answer, type Mark, MarkStore, type MarkValue, PendingWrites } from "./marks";
import {
  type Detail,
  type Episode,
  type Kind,
  type Person,
  readCounts,
  readDetail,
  readEpisode,
  readPerson,
  readState,
  readTitle,
  type Standing,
  type Title,
} from "./titles";

/** The key of all answers that depend on my marks. */
export const myMarks = "media:mine";

async function sendMark(id: string, mark: Mark, value: MarkValue): Promise<Answer> {
  const path = `/media/${id}/${mark}`;
  const off = value === false || value === null;
  const raw = asRaw(await (off ? del<unknown>(path) : put<unknown>(path, mark === "rating" ? { value } : {})));
  return { state: readState(raw["state"]), counts: readCounts(raw) };
}

export const markStore = new MarkStore(sendMark, (id, mark, value, problem) => {
  sayProblem(problem, () => markStore.set(id, mark, value));
});

/** Sets a mark: shows it at once, and writes it to the server. */
export const setMark = (id: string, mark: Mark, value: MarkValue): void => markStore.set(id, mark, value);

/** The marks and counters of a title: live values where known, else those of its row. */
export function useStanding(title: Pick<Title, "id" | "standing">): Standing {
  const shown = useEntity(markStore.shown, title.id);
  return shown ?? title.standing;
}

const take = (titles: readonly Title[], askedAt: number): void =>
  markStore.shown.batch(() => {
    for (const { id, standing } of titles) markStore.seed(id, standing, askedAt);
  });

/** The episodes seen, by `id/season/number`. */
export const seenEpisodes = new EntityStore<boolean>();
export const episodeKey = (id: string, season: number, number: number): string => `${id}/${season}/${number}`;
const knownEpisodes = new Map<string, boolean>();

const episodes: PendingWrites<boolean> = new PendingWrites<boolean>(
  async (key, value) => {
    const [id = "", season = "", number = ""] = key.split("/");
    const path = `/media/${id}/episodes/${season}/${number}/seen`;
    const raw = asRaw(await (value ? put<unknown>(path, {}) : del<unknown>(path)));
    knownEpisodes.set(key, value);
    markStore.receive(id, { state: raw["state"] ? readState(raw["state"]) : null, counts: null });
  },
  (key) => knownEpisodes.get(key),
  (key) => {
    seenEpisodes.set(key, episodes.of(key) ?? knownEpisodes.get(key));
    const id = key.slice(0, key.indexOf("/"));
    // Once no request is under way, the counts of the seasons are read again.
    if (episodes.isIdle) invalidate(`media:${id}`);
  },
  (key, value, problem) => sayProblem(problem, () => episodes.set(key, value)),
);

export const setSeen = (id: string, season: number, number: number, value: boolean): void =>
  episodes.set(episodeKey(id, season, number), value);

export const isSeen = (id: string, season: number, episode: Episode): boolean =>
  seenEpisodes.get(episodeKey(id, season, episode.number)) ?? episode.seen;

addCacheObserver({
  invalidate: () => undefined,
  invalidateAll: () => undefined,
  retryOffline: () => undefined,
  forgetAll: () => {
    markStore.forget();
    knownEpisodes.clear();
    seenEpisodes.clear();
  },
});

const idOfEvent = (event: GatewayEvent): string => asText(event["id"]) ?? "";

gateway.on("media.state", (event) => {
  const id = idOfEvent(event);
  const counts = typeof event["like_count"] === "number" ? readCounts(event) : null;
  // A change from another tab or browser: my lists and the counts of the seasons are stale.
  if (!markStore.receive(id, { state: readState(event["state"]), counts })) return;
  invalidate(myMarks);
  if (episodes.isIdle) invalidate(`media:${id}`);
});

gateway.on("media.counters", (event) => {
  markStore.receive(idOfEvent(event), { state: null, counts: readCounts(event) });
});

export interface Row {
  key: string;
  items: Title[];
}

export function useHome() {
  const of = useLanguage();
  return useQuery<Row[]>(`films:home:${of}`, async (signal) => {
    const askedAt = Date.now();
    const rows = asList(asRaw(await get<unknown>("/media/home", {}, signal))["rows"]).map((each) => ({
      key: asText(asRaw(each)["key"]) ?? "",
      items: asList(asRaw(each)["items"]).map(readTitle),
    }));
    take(rows.flatMap(({ items }) => items), askedAt);
    return rows.filter(({ items }) => items.length > 0);
  }, { about: [myMarks], fresh: 0 });
}

/** Search and filters of the catalogue. */
export interface Filters {
  search: string;
  type: Kind | null;
  genre: string | null;
  year: string | null;
  sort: string | null;
}

export const sorts = ["popularity", "trending", "rating", "released", "title"] as const;

const queryOf = (filters: Filters) => ({
  search: filters.search.trim(),
  type: filters.type,
  genre: filters.genre,
  year: filters.year,
  sort: filters.sort,
});

async function fetchTitles(
  path: string,
  query: Record<string, string | number | boolean | null>,
): Promise<Page<Title>> {
  const askedAt = Date.now();
  const page = await get<Page<unknown>>(path, query);
  const items = page.items.map(readTitle);
  take(items, askedAt);
  return { ...page, items };
}

const perPage = 48;

export function useBrowse(filters: Filters): Growing<Title> {
  const of = useLanguage();
  const query = queryOf(filters);
  return usePages<Title>(
    `films:browse:${of}:${JSON.stringify(query)}`,
    (cursor) =>
      fetchTitles("/media", { ...query, limit: perPage, cursor, ...(cursor === null ? { count: true } : {}) }),
    { fresh: 30_000 },
  );
}

export interface Facets {
  genres: { id: string; name: string; count: number }[];
  decades: { value: string; count: number }[];
  kinds: { value: string; count: number }[];
}

const readValues = (value: unknown) =>
  asList(value).map((each) => {
    const raw = asRaw(each);
    return { value: String(raw["value"] ?? raw["id"] ?? ""), count: asNumber(raw["count"]) ?? 0 };
  });

export function useFacets(filters: Filters) {
  const of = useLanguage();
  const { sort: _, ...query } = queryOf(filters);
  return useQuery<Facets>(`films:facets:${of}:${JSON.stringify(query)}`, async (signal) => {
    const facets = asRaw(asRaw(await get<unknown>("/media", { ...query, facets: true, limit: 1 }, signal))["facets"]);
    return {
      genres: asList(facets["genres"]).map((each) => {
        const raw = asRaw(each);
        return { id: asText(raw["id"]) ?? "", name: asText(raw["name"]) ?? "", count: asNumber(raw["count"]) ?? 0 };
      }),
      decades: readValues(facets["decades"]),
      kinds: readValues(facets["kinds"]),
    };
  }, { fresh: 30_000 });
}

export const detailKey = (id: string, of: Language): string => `films:title:${id}:${of}`;

export function useDetail(id: string) {
  const of = useLanguage();
  useEffect(() => gateway.subscribe(`media:${id}`, () => invalidate(`media:${id}`)), [id]);
  return useQuery<Detail>(detailKey(id, of), async (signal) => {
    const askedAt = Date.now();
    const detail = readDetail(await get<unknown>(`/media/${encodeURIComponent(id)}`, {}, signal));
    take([detail, ...detail.similar], askedAt);
    return detail;
  }, { about: [`media:${id}`] });
}

export function useSeason(id: string, season: number | null) {
  const of = useLanguage();
  const key = season === null ? null : `films:season:${id}:${season}:${of}`;
  return useQuery<Episode[]>(key, async (signal) => {
    const raw = asRaw(await get<unknown>(`/media/${encodeURIComponent(id)}/seasons/${season ?? 0}`, {}, signal));
    const found = asList(raw["episodes"]).map(readEpisode);
    seenEpisodes.batch(() => {
      for (const { number, seen } of found) {
        const at = episodeKey(id, season ?? 0, number);
        knownEpisodes.set(at, seen);
        seenEpisodes.set(at, episodes.of(at) ?? seen);
      }
    });
    return found;
  }, { about: [`media:${id}`] });
}

export function usePersonPage(id: string) {
  const of = useLanguage();
  return useQuery<Person>(`films:person:${id}:${of}`, async (signal) => {
    const askedAt = Date.now();
    const person = readPerson(await get<unknown>(`/people/${encodeURIComponent(id)}`, {}, signal));
    take(person.credits.map(({ title }) => title), askedAt);
    return person;
  }, { fresh: 60_000 });
}

export const lists = ["watchlist", "favorites", "likes", "ratings"] as const;
export type List = typeof lists[number];

export const listWords: Record<List, Key> = {
  watchlist: "films.watchlist",
  favorites: "films.favorites",
  likes: "films.likes",
  ratings: "films.ratings",
};

export interface Kept {
  title: Title;
  at: string | null;
  /** In stars, in the list of ratings. */
  value: number | null;
}

/** A member's list of marked titles, the latest first. */
export function useKept(user: string, list: List, isMine: boolean, limit = perPage): Growing<Kept> {
  const of = useLanguage();
  return usePages<Kept>(`films:kept:${user}:${list}:${limit}:${of}`, async (cursor) => {
    const askedAt = Date.now();
    const page = await get<Page<unknown>>(`/users/${encodeURIComponent(user)}/${list}`, { limit, cursor });
    const items = page.items.map((each) => {
      const raw = asRaw(each);
      return { title: readTitle(raw["media"]), at: asText(raw["at"]), value: asNumber(raw["value"]) ?? null };
    });
    // `state` of each title is the reader's own, also in the lists of others.
    take(items.map(({ title }) => title), askedAt);
    return { ...page, items };
  }, { about: [`history:${user}`, ...(isMine ? [myMarks] : [])], fresh: 0 });
}
