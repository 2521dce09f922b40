// How many requests wait for an answer.
import type { Badge } from "../../contract/feature";
import { createStore, useStore } from "../../lib/store";

export const waiting = createStore<Badge>({ count: 0, mentions: false });

export const setWaiting = (count: number): void => {
  if (waiting.get().count !== count) waiting.set({ count, mentions: false });
};

export const useWaiting = (): number => useStore(waiting).count;
