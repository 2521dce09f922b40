// The spaces and places that somebody may see.
import { all, type Feature, type Place, present, registered, type Space } from "../contract/feature";
import { useSession } from "../features/accounts/session";
import { modulesOn } from "../lib/modules";
import { covers } from "../lib/permissions";
import { useStore } from "../lib/store";

const byOrder = (one: { order: number }, other: { order: number }): number => one.order - other.order;

export const mayOpen = (held: readonly string[], needs: readonly string[] = []): boolean =>
  needs.length === 0 || needs.some((key) => covers(held, key));

/** The features that are on, or all of them while that is not known. */
export const expected = (modules: readonly string[] | null): readonly Feature[] =>
  modules === null ? registered() : present(modules);

export interface Navigation {
  spaces: Space[];
  places: Place[];
}

/** - Parameter modules: null while it is not known which are on: then all places show, since most sites have all and nothing is to move. */
export function navigationOf(permissions: readonly string[], modules: readonly string[] | null = []): Navigation {
  const features = expected(modules);
  const places = all("places", features).filter((place) => mayOpen(permissions, place.needs)).sort(byOrder);
  const spaces = all("spaces", features).filter((space) => places.some((place) => place.space === space.id)).sort(
    byOrder,
  );
  return { spaces, places };
}

export function useNavigation(): Navigation {
  const { permissions } = useSession();
  const modules = useStore(modulesOn);
  return navigationOf(permissions, modules);
}

/** Where a space begins: its first place that one may see. */
export const entryOf = (places: readonly Place[], space: string): string =>
  places.find((place) => place.space === space)?.path ?? "/";

/** The place that an address belongs to: the one with the longest path that it begins with. */
export function placeAt(places: readonly Place[], path: string): Place | null {
  const at = places.filter((place) => path === place.path || (place.path !== "/" && path.startsWith(`${place.path}/`)));
  return at.sort((one, other) => other.path.length - one.path.length)[0] ?? null;
}
