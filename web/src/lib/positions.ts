// Where we are in each topic: `<epoch>:<offset>`, a total order within an epoch.

export interface Position {
  epoch: string;
  offset: number;
}

export function readPosition(value: unknown): Position | null {
  if (typeof value !== "string") return null;
  const cut = value.lastIndexOf(":");
  const offset = Number(value.slice(cut + 1));
  return cut > 0 && Number.isSafeInteger(offset) ? { epoch: value.slice(0, cut), offset } : null;
}

/** Whether `next` was already seen when we stand at `last`. Another epoch is always new. */
export function isSeen(last: string | undefined, next: string): boolean {
  const before = readPosition(last);
  const after = readPosition(next);
  return before !== null && after !== null && before.epoch === after.epoch && after.offset <= before.offset;
}
