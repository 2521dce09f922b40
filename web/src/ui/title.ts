import { useEffect } from "react";
import { createStore } from "../lib/store";

/** What stands beside the page and is looked at, for the title of the window; null when there is nothing. */
export const besideTitle = createStore<string | null>(null);

/** Names the window after what is open beside the page, for as long as it is. */
export function useTitle(title: string): void {
  useEffect(() => {
    besideTitle.set(title);
    return () => besideTitle.set(null);
  }, [title]);
}
