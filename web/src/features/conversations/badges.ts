// The unread count for the rail; the rest of the feature is fetched separately.
import type { Badge } from "../../contract/feature";
import { createStore } from "../../lib/store";

export const direct = createStore<Badge>({ count: 0, mentions: false });
export const inChannels = createStore<Badge>({ count: 0, mentions: true });

export function setBadges(next: { direct: Badge; channels: Badge }): void {
  if (direct.get().count !== next.direct.count) direct.set(next.direct);
  if (inChannels.get().count !== next.channels.count) inChannels.set(next.channels);
}
