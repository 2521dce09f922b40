// The filters that somebody keeps: on the server, so that every device has them.
import { get, put } from "../../lib/api";
import { asProblem } from "../../lib/problem";
import { amend, invalidate, useQuery } from "../../lib/query";
import { asList, asNumber, asRaw, asText } from "../../lib/resources";
import { sayProblem } from "../../ui/Toasts";

export interface SavedFilter {
  name: string;
  /** As it stands in an address after the `?`. */
  query: string;
}

interface Saved {
  items: readonly SavedFilter[];
  version: number;
}

const key = "saved-filters";

function readSaved(value: unknown): Saved {
  const raw = asRaw(value);
  const items = asList(raw["items"]).map(asRaw).map((each) => ({
    name: asText(each["name"]) ?? "",
    query: asText(each["query"]) ?? "",
  }));
  return { items, version: asNumber(raw["version"]) ?? 0 };
}

export const useSaved = () => useQuery<Saved>(key, async () => readSaved(await get<unknown>("/saved-filters")));

/** Shows the new list at once; another device may have been quicker, then its list is shown and nothing is lost. */
export async function saveFilters(before: Saved, items: readonly SavedFilter[]): Promise<boolean> {
  amend<Saved>(key, (saved) => ({ ...saved, items }));
  try {
    const answer = readSaved(await put<unknown>("/saved-filters", { items }, { version: before.version }));
    amend<Saved>(key, () => answer);
    return true;
  } catch (error) {
    invalidate(key);
    sayProblem(asProblem(error));
    return false;
  }
}
