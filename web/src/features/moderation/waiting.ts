// How many open cases wait for a decision that I may see.
import { createStore, useStore } from "../../lib/store";

export const waiting = createStore(0);

export function useWaitingCases(): number | null {
  const count = useStore(waiting);
  return count > 0 ? count : null;
}
