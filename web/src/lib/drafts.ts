// Work that is not saved: who has some says so here, and leaving it is asked about.
import { useEffect, useRef } from "react";
import { setGuard } from "./router";
import { createStore } from "./store";

interface Unsaved {
  isDirty: () => boolean;
  discard: () => void;
}

const open = new Set<Unsaved>();

/** The question that waits for its answer: whether to leave and lose what is not saved. */
export const leaving = createStore<{ answer: (leave: boolean) => void } | null>(null);

export const hasUnsaved = (): boolean => [...open].some((each) => each.isDirty());

/** Whether one may go: at once with nothing unsaved, else as the person answers. */
export function mayLeave(): boolean | Promise<boolean> {
  if (!hasUnsaved()) return true;
  // One question at a time: whoever goes elsewhere meanwhile has answered the former one with no.
  leaving.get()?.answer(false);
  return new Promise((resolve) => {
    leaving.set({
      answer: (leave) => {
        leaving.set(null);
        if (leave) { for (const each of open) each.discard(); }
        resolve(leave);
      },
    });
  });
}

setGuard(mayLeave);

if (typeof addEventListener !== "undefined") {
  addEventListener("beforeunload", (event) => {
    if (hasUnsaved()) event.preventDefault();
  });
}

/**
 * Guards a form while it is on screen.
 * @param discard called when the person leaves it and loses what was typed.
 */
export function useDirtyGuard(isDirty: boolean, discard: () => void = () => undefined): void {
  const now = useRef({ isDirty, discard });
  now.current = { isDirty, discard };
  useEffect(() => {
    const mine: Unsaved = { isDirty: () => now.current.isDirty, discard: () => now.current.discard() };
    open.add(mine);
    return () => void open.delete(mine);
  }, []);
}
