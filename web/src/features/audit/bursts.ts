import type { Entry } from "./entries";

/** Entries that follow each other within so many ms belong together. */
const apart = 10 * 60_000;
/** Fewer than this are shown one by one. */
const least = 3;

const belong = (one: Entry, next: Entry): boolean =>
  one.action === next.action && one.actorId === next.actorId && one.ok === next.ok &&
  Math.abs(Date.parse(one.at ?? "") - Date.parse(next.at ?? "")) <= apart;

/** The entries in order, those of one person's burst of the same act together. */
export function inBursts(entries: readonly Entry[]): Entry[][] {
  const runs: Entry[][] = [];
  for (const entry of entries) {
    const run = runs[runs.length - 1];
    const last = run?.[run.length - 1];
    if (run && last && belong(last, entry)) run.push(entry);
    else runs.push([entry]);
  }
  return runs.flatMap((run) => (run.length < least ? run.map((entry) => [entry]) : [run]));
}
