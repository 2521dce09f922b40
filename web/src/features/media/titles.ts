// The types of the catalogue, and readers that fill in what the server leaves out.
import { language } from "../../lib/i18n";
import { asList, asNumber, asRaw, asText, type Raw } from "../../lib/resources";

export type Kind = "film" | "series";

export interface Named {
  id: string;
  name: string;
}

/** My marks of a title. */
export interface MarkState {
  favorite: boolean;
  like: boolean;
  watchlist: boolean;
  seen: boolean;
  hidden: boolean;
  /** In stars, 0.5 to 5; null without one. */
  rating: number | null;
  /** Grows with each change: events with a smaller version are dropped. */
  version: number;
}

/** The counters of a title. */
export interface Counts {
  favorite: number;
  like: number;
  watchlist: number;
  ratings: number;
  /** In stars; null while nobody has rated. */
  average: number | null;
}

export interface Standing {
  state: MarkState;
  counts: Counts;
}

export interface Title {
  id: string;
  kind: Kind;
  slug: string;
  name: string;
  original: string | null;
  year: number | null;
  releasedOn: string | null;
  runtime: number | null;
  overview: string | null;
  genres: Named[];
  poster: string | null;
  backdrop: string | null;
  /** Of a series with episodes seen: the number seen, of those aired. */
  progress: { seen: number; aired: number } | null;
  next: { season: number; number: number; name: string | null } | null;
  standing: Standing;
}

export interface PersonRef extends Named {
  slug: string;
}

export interface Credit {
  person: PersonRef;
  /** The character, or the job. */
  part: string | null;
}

export interface Season {
  number: number;
  name: string | null;
  episodes: number;
  seen: number;
}

export interface Episode {
  number: number;
  name: string | null;
  overview: string | null;
  airedOn: string | null;
  runtime: number | null;
  seen: boolean;
}

export interface Friend {
  user: Raw;
  id: string;
  favorite: boolean;
  like: boolean;
  rating: number | null;
}

export interface Detail extends Title {
  cast: Credit[];
  crew: Credit[];
  keywords: string[];
  collection: string | null;
  seasons: Season[];
  links: { label: string; url: string }[];
  similar: Title[];
  friends: Friend[];
  /** The number of ratings of half a star, one star … five stars; null when the server does not send it. */
  histogram: number[] | null;
  certificate: string | null;
  /** Where it can be watched in the reader's country. */
  providers: { kind: string; name: string }[];
  isFromTMDB: boolean;
}

export interface Person extends PersonRef {
  biography: string | null;
  bornOn: string | null;
  diedOn: string | null;
  credits: { title: Title; part: string | null }[];
}

export const noMarks: MarkState = {
  favorite: false,
  like: false,
  watchlist: false,
  seen: false,
  hidden: false,
  rating: null,
  version: 0,
};

export function readState(value: unknown): MarkState {
  const raw = asRaw(value);
  return {
    favorite: raw["favorite"] === true,
    like: raw["like"] === true,
    watchlist: raw["watchlist"] === true,
    seen: raw["seen"] === true,
    hidden: raw["hidden"] === true,
    rating: asNumber(raw["rating"]) ?? null,
    version: asNumber(raw["version"]) ?? 0,
  };
}

export function readCounts(value: unknown): Counts {
  const raw = asRaw(value);
  const ratings = asNumber(raw["rating_count"]) ?? 0;
  return {
    favorite: asNumber(raw["favorite_count"]) ?? 0,
    like: asNumber(raw["like_count"]) ?? 0,
    watchlist: asNumber(raw["watchlist_count"]) ?? 0,
    ratings,
    average: ratings > 0 ? asNumber(raw["rating_average"]) ?? null : null,
  };
}

const readNamed = (value: unknown): Named[] => {
  if (typeof value === "string") return [{ id: value, name: value }];
  const raw = asRaw(value);
  const name = asText(raw["name"]);
  return name ? [{ id: asText(raw["id"]) ?? name, name }] : [];
};

export function readTitle(value: unknown): Title {
  const raw = asRaw(value);
  const progress = asRaw(raw["progress"]);
  const next = asRaw(raw["next_episode"]);
  const [season, number] = [asNumber(next["season"]), asNumber(next["number"])];
  const aired = asNumber(progress["aired"]);
  return {
    id: asText(raw["id"]) ?? "",
    kind: raw["kind"] === "series" ? "series" : "film",
    slug: asText(raw["slug"]) ?? "",
    name: asText(raw["title"]) ?? asText(raw["original_title"]) ?? "",
    original: asText(raw["original_title"]),
    year: asNumber(raw["year"]) ?? null,
    releasedOn: asText(raw["released_on"]),
    runtime: asNumber(raw["runtime_min"]) ?? null,
    overview: asText(raw["overview"]),
    genres: asList(raw["genres"]).flatMap(readNamed),
    poster: asText(raw["poster_url"]),
    backdrop: asText(raw["backdrop_url"]),
    progress: aired === undefined ? null : { seen: asNumber(progress["seen"]) ?? 0, aired },
    next: season === undefined || number === undefined ? null : { season, number, name: asText(next["title"]) },
    standing: { state: readState(raw["state"]), counts: readCounts(raw) },
  };
}

const readPersonRef = (value: unknown): PersonRef => {
  const raw = asRaw(value);
  return { id: asText(raw["id"]) ?? "", name: asText(raw["name"]) ?? "", slug: asText(raw["slug"]) ?? "" };
};

const readCredit = (part: "character" | "job") => (value: unknown): Credit => ({
  person: readPersonRef(asRaw(value)["person"]),
  part: asText(asRaw(value)[part]),
});

function readFriend(value: unknown): Friend {
  const raw = asRaw(value);
  const user = asRaw(raw["user"]);
  return {
    user,
    id: asText(user["id"]) ?? "",
    favorite: raw["favorite"] === true,
    like: raw["like"] === true,
    rating: asNumber(raw["rating"]) ?? null,
  };
}

/** Links to other sites. Addresses that are not `https:` are left out. */
function readLinks(raw: Raw): { label: string; url: string }[] {
  const videos = asList(raw["videos"]).flatMap((each) => {
    const video = asRaw(each);
    const [url, label] = [asText(video["url"]), asText(video["name"])];
    return url && /^https:\/\//.test(url) ? [{ label: label ?? url, url }] : [];
  });
  const imdb = asText(asRaw(raw["external_ids"])["imdb"]);
  const known = imdb && /^tt\d+$/.test(imdb) ? [{ label: "IMDb", url: `https://www.imdb.com/title/${imdb}/` }] : [];
  return [...known, ...videos];
}

export function readDetail(value: unknown): Detail {
  const raw = asRaw(value);
  const credits = asRaw(raw["credits"]);
  const histogram = asList(raw["rating_histogram"]).map((each) => asNumber(each) ?? 0);
  return {
    ...readTitle(value),
    cast: asList(credits["cast"]).map(readCredit("character")),
    crew: asList(credits["crew"]).map(readCredit("job")),
    keywords: asList(raw["keywords"]).flatMap(readNamed).map(({ name }) => name),
    collection: readNamed(raw["collection"])[0]?.name ?? null,
    seasons: asList(raw["seasons"]).map((each) => {
      const season = asRaw(each);
      return {
        number: asNumber(season["number"]) ?? 0,
        name: asText(season["title"]),
        episodes: asNumber(season["episode_count"]) ?? 0,
        seen: asNumber(season["seen_count"]) ?? 0,
      };
    }),
    links: readLinks(raw),
    similar: asList(raw["similar"]).map(readTitle),
    friends: asList(raw["friends"]).map(readFriend),
    histogram: histogram.length === 10 ? histogram : null,
    certificate: asText(raw["certificate"]),
    providers: readProviders(raw["providers"]),
    isFromTMDB: asText(asRaw(raw["external_ids"])["tmdb"]) !== null,
  };
}

/** Those of the country of the browser's language, else of the first country of the app's language. */
function readProviders(value: unknown): Detail["providers"] {
  const all = asList(value).map(asRaw);
  const country = typeof navigator === "undefined" ? undefined : navigator.language.split("-")[1]?.toUpperCase();
  const near = [country, ...(language.get() === "fr" ? ["FR", "BE", "CH", "CA"] : ["US", "GB", "CA"])];
  const chosen = near.find((each) => all.some((offer) => offer["country"] === each));
  return all.filter((offer) => offer["country"] === chosen)
    .map((offer) => ({ kind: asText(offer["kind"]) ?? "", name: asText(offer["name"]) ?? "" }));
}

export function readEpisode(value: unknown): Episode {
  const raw = asRaw(value);
  return {
    number: asNumber(raw["number"]) ?? 0,
    name: asText(raw["title"]),
    overview: asText(raw["overview"]),
    airedOn: asText(raw["aired_on"]),
    runtime: asNumber(raw["runtime_min"]) ?? null,
    seen: raw["seen"] === true,
  };
}

export function readPerson(value: unknown): Person {
  const raw = asRaw(value);
  return {
    ...readPersonRef(value),
    biography: asText(raw["biography"]),
    bornOn: asText(raw["born_on"]),
    diedOn: asText(raw["died_on"]),
    credits: asList(raw["credits"]).map((each) => {
      const credit = asRaw(each);
      return {
        title: readTitle(credit["media"]),
        part: asText(credit["character"]) ?? asText(credit["job"]),
      };
    }).filter(({ title }) => title.id !== ""),
  };
}

const tail = (slug: string, id: string): string => (slug ? `${slug}-${id}` : id);

const jobs = ["director", "creator", "writer", "author", "producer", "composer"] as const;
export type Job = typeof jobs[number];

/** A job with a translation; null for a job that is shown as sent. */
export const jobOf = (part: string | null): Job | null => jobs.find((job) => job === part?.toLowerCase()) ?? null;

/** The address of a title, of a season, of an episode. */
export function pathOf(title: Pick<Title, "id" | "kind" | "slug">, season?: number, episode?: number): string {
  const path = `/${title.kind === "series" ? "series" : "films"}/${encodeURIComponent(tail(title.slug, title.id))}`;
  if (season === undefined) return path;
  return episode === undefined ? `${path}/s${season}` : `${path}/s${season}/e${episode}`;
}

export const pathOfPerson = (person: PersonRef): string =>
  `/people/${encodeURIComponent(tail(person.slug, person.id))}`;

/** The id at the end of `stalker-0193…`; a slug may have anything before it. */
export const idIn = (part: string): string =>
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.exec(part)?.[0]?.toLowerCase() ?? part;

/** `s2` → 2, `e5` → 5; null for anything else. */
export function numberIn(part: string | undefined, letter: "s" | "e"): number | null {
  const [, found, digits] = /^([se])(\d{1,4})$/.exec(part ?? "") ?? [];
  return found === letter ? Number(digits) : null;
}

/** The season to open: one that is begun, else the first that is not all seen. Specials only when there are no other seasons. */
export function seasonToOpen(seasons: readonly Season[]): number | null {
  const regular = seasons.filter(({ number }) => number > 0);
  const begun = [...regular].reverse().find(({ seen, episodes }) => seen > 0 && seen < episodes);
  const fresh = regular.find(({ seen, episodes }) => seen < episodes);
  return (begun ?? fresh ?? regular[0] ?? seasons[0])?.number ?? null;
}

/** Whether an episode can be seen already, by the day here. */
export const isAired = (episode: Pick<Episode, "airedOn">, today: string): boolean =>
  episode.airedOn === null || episode.airedOn <= today;

/** The first aired episode after the last one that was seen; null when there is none. */
export function nextEpisode(episodes: readonly Episode[], seen: (episode: Episode) => boolean, today: string) {
  const last = episodes.reduce((found, episode, index) => (seen(episode) ? index : found), -1);
  return episodes.slice(last + 1).find((episode) => isAired(episode, today)) ?? null;
}

/** The day where the reader is, as `2026-01-31`: a date is a date, never sent through UTC. */
export function today(at = new Date()): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
