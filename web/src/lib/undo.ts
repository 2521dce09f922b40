// What cannot be taken back on the server is sent only once it cannot be undone any more.
import type { Key, Values } from "./i18n";

interface Undoable {
  key: Key;
  values?: Values;
  run: () => unknown;
  undo: () => void;
}

/** How long something can be undone, in ms. */
export const undoFor = 8_000;

let tell: (key: Key, values: Values | undefined, undo: () => void) => void = () => undefined;

/** The toasts, which lie above this layer. */
export const whenUndoable = (say: typeof tell): void => {
  tell = say;
};

const open = new Set<() => void>();

export function afterUndo({ key, values, run, undo }: Undoable): void {
  const finish = () => {
    if (!open.delete(finish)) return;
    clearTimeout(timer);
    void run();
  };
  const timer = setTimeout(finish, undoFor);
  open.add(finish);
  tell(key, values, () => {
    clearTimeout(timer);
    if (open.delete(finish)) undo();
  });
}

// Whoever leaves the page has not undone it.
if (typeof addEventListener !== "undefined") {
  addEventListener("pagehide", () => [...open].forEach((finish) => finish()));
}
