// Which columns the list of members has on this device.
import { recall, remember } from "../../lib/memory";
import { createStore } from "../../lib/store";

export const columns = ["roles", "summary", "activity", "joined", "seen"] as const;
export type Column = (typeof columns)[number];

const atFirst: readonly Column[] = ["roles", "summary", "activity", "seen"];

function kept(): readonly Column[] {
  const text = recall("members.columns");
  if (text === null) return atFirst;
  const names = text.split(",");
  return columns.filter((each) => names.includes(each));
}

export const shownColumns = createStore<readonly Column[]>(kept());

export function showColumn(column: Column, on: boolean): void {
  const next = columns.filter((each) => (each === column ? on : shownColumns.get().includes(each)));
  remember("members.columns", next.join());
  shownColumns.set(next);
}
