// Reads a member's profile, as far as the reader may see it.
import { useEffect } from "react";
import { get, type Page, put } from "../../lib/api";
import { gateway } from "../../lib/live";
import { invalidate, useQuery } from "../../lib/query";
import { asList, asNumber, asRaw, asText, nameOf, readUser, type User } from "../../lib/resources";
import { seedAll } from "../presence/presences";

export type FriendState = "none" | "requested" | "received" | "friends" | "blocked";
const states: readonly FriendState[] = ["none", "requested", "received", "friends", "blocked"];

export const counted = ["favorites", "likes", "ratings", "watchlist", "friends"] as const;
export type Counted = typeof counted[number];

export interface ProfileRole {
  id: string;
  name: string;
  color: string | null;
}

export interface Profile {
  user: User;
  bio: string | null;
  /** Of the banner, in degrees of the colour wheel; null for a colour by the person's id. */
  hue: number | null;
  roles: ProfileRole[];
  joinedAt: string | null;
  inCommon: User[];
  friendState: FriendState;
  /** Without the counts that the reader may not see. */
  counts: Partial<Record<Counted, number>>;
  note: string;
  nickname: string;
  visible: Readonly<Record<string, boolean>>;
}

export function readProfile(value: unknown): Profile {
  const raw = asRaw(value);
  const counts = asRaw(raw["counts"]);
  const state = asText(raw["friend_state"]);
  return {
    user: readUser(raw["user"]),
    bio: asText(raw["bio"]),
    hue: asNumber(asRaw(raw["banner"])["hue"]) ?? null,
    roles: asList(raw["roles"]).map((each) => {
      const role = asRaw(each);
      return { id: asText(role["id"]) ?? "", name: asText(role["name"]) ?? "", color: asText(role["color"]) };
    }),
    joinedAt: asText(raw["joined_at"]),
    inCommon: asList(raw["friends_in_common"]).map(readUser),
    friendState: states.find((each) => each === state) ?? "none",
    counts: Object.fromEntries(counted.flatMap((name) => {
      const count = asNumber(counts[name]);
      return count === undefined ? [] : [[name, count]];
    })),
    note: asText(raw["note"]) ?? "",
    nickname: asText(raw["nickname"]) ?? "",
    visible: Object.fromEntries(Object.entries(asRaw(raw["visible"])).map(([name, each]) => [name, each === true])),
  };
}

/** Whether the reader may see a part of the profile. */
export const maySee = (profile: Profile, part: string): boolean => profile.visible[part] ?? true;

/** My nickname for the member, else their own name. */
export const shownName = ({ nickname, user }: Profile): string => nickname || nameOf(user);

/** The topic of a person's history, and the key of answers that depend on it. */
export const historyKey = (id: string): string => `history:${id}`;

gateway.on("history.changed", (event) => {
  invalidate(historyKey(asText(event["user_id"]) ?? ""));
  invalidate("profile");
});

/** Follows the person's history while their profile is open, if they show it. */
export function useLiveHistory(profile: Profile | undefined): void {
  const id = profile && maySee(profile, "history") ? profile.user.id : null;
  useEffect(() => id === null ? undefined : gateway.subscribe(historyKey(id), () => invalidate(historyKey(id))), [id]);
}

export const profileKey = (name: string): string => `profile:${name}`;

export function useProfile(name: string) {
  return useQuery<Profile>(profileKey(name), async (signal) => {
    const askedAt = Date.now();
    const profile = readProfile(await get<unknown>(`/users/u_${encodeURIComponent(name)}/profile`, {}, signal));
    seedAll([profile.user, ...profile.inCommon], askedAt);
    return profile;
  }, { about: ["profile", `user:${name}`], fresh: 0 });
}

export async function saveNote(name: string, id: string, values: { note: string; nickname: string }, key: string) {
  await put(`/users/${id}/note`, { note: values.note.trim() || null, nickname: values.nickname.trim() || null }, {
    key,
  });
  invalidate(profileKey(name));
}

export interface Friend {
  user: User;
  since: string | null;
}

export async function fetchFriends(id: string, cursor: string | null): Promise<Page<Friend>> {
  const askedAt = Date.now();
  const page = await get<Page<unknown>>(`/users/${id}/friends`, { limit: 60, cursor });
  const items = page.items.map((each) => ({
    user: readUser(asRaw(each)["user"] ?? each),
    since: asText(asRaw(each)["since"]),
  }));
  seedAll(items.map(({ user }) => user), askedAt);
  return { ...page, items };
}

/** A person's colour until they choose one: it follows from their id. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hash % 360;
}
