import type { Words } from "../../lib/i18n";
import { type Filters, sorts } from "./catalogue";
import type { Kind } from "./titles";

/** Sets query parameters of the address; null removes one. */
export type Change = (change: Record<string, string | null>) => void;

const kinds: readonly Kind[] = ["film", "series"];

/** The filters in the query of an address. */
export const filtersOf = (query: Record<string, string>): Filters => ({
  search: query["search"] ?? "",
  type: kinds.find((kind) => kind === query["type"]) ?? null,
  genre: query["genre"] ?? null,
  year: query["year"] ?? null,
  sort: sorts.find((sort) => sort === query["sort"]) ?? null,
});

/** `1990s` → the words of that decade; a year stays as it is. */
export function yearLabel(year: string, t: Words): string {
  const decade = /^(\d{3}0)s$/.exec(year)?.[1];
  return decade ? t("films.decade", { year: decade }) : year;
}
