// People as other features name them: who they are and how they are seen, held once each by id.
import { get, type Page } from "../../lib/api";
import { BatchReader, EntityStore, useEntity } from "../../lib/entities";
import { asRaw, asText, type Presence, readPresence, type User } from "../../lib/resources";
import { useInterest, whenFollowed } from "./interest";
import { presences, seedAll, usePresence } from "./presences";

export interface Card extends Pick<User, "id" | "username" | "display_name" | "avatar_url"> {
  presence: Presence;
}

export const cards = new EntityStore<Card>();

export function readCard(value: unknown): Card {
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    username: asText(raw["username"]) ?? "",
    display_name: asText(raw["display_name"]),
    avatar_url: asText(raw["avatar_url"]),
    presence: readPresence(raw),
  };
}

const look = ({ username, display_name, avatar_url }: Card): string => [username, display_name, avatar_url].join("\n");

/** Takes in the people of an answer that was asked for then. */
export function learnCards(raws: readonly unknown[], askedAt = Date.now()): Card[] {
  const read = raws.map(readCard).filter(({ id }) => id !== "");
  cards.batch(() => {
    for (const card of read) {
      const known = cards.get(card.id);
      if (!known || look(known) !== look(card)) cards.set(card.id, card);
    }
  });
  // Events for many say nothing of how somebody is seen; then there is no version.
  seedAll(read.filter(({ presence }) => presence.version > 0), askedAt);
  return read;
}

const reader = new BatchReader(
  async (ids) => {
    const askedAt = Date.now();
    learnCards((await get<Page<unknown>>("/users", { private: false, ids: ids.join(), limit: 100 })).items, askedAt);
  },
  100,
  20,
);

whenFollowed((ids) => ids.forEach((id) => cards.get(id) && void reader.again(id)));

/** Somebody by id, whether or not they are known yet. */
export const wantCard = (id: string): void => void (cards.get(id) ?? reader.want(id));

export const useCard = (id: string | null): Card | undefined => useEntity(cards, id);

/** How somebody is seen, live for as long as it is on screen. */
export function useLivePresence(card: Card): Presence {
  useInterest([card.id]);
  return usePresence(card.id, card.presence);
}

/** How somebody is seen as far as it is known, for what sorts and counts. */
export const presenceOf = (card: Card): Presence => presences.get(card.id) ?? card.presence;
