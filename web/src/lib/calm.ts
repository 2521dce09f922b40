// What stands on the screen for something that comes, and when the first page has all of it.
import { createStore } from "./store";

/** How many places of the page wait for their content. */
export const waiting = createStore(0);

/** For how long nothing may wait, and after how long it is enough, in ms. */
const quiet = 1_500;
const longest = 15_000;
let settled: Promise<void> | null = null;

/** Resolves once the first page is whole: what can be fetched later does not stand in its way on a slow line. */
export function calm(): Promise<void> {
  return settled ??= new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (waiting.get() === 0) timer = setTimeout(done, quiet);
    };
    const leave = waiting.subscribe(look);
    const late = setTimeout(() => done(), longest);
    function done() {
      leave();
      clearTimeout(timer);
      clearTimeout(late);
      resolve();
    }
    look();
  });
}
