// Which members of the list are ticked: some by name, or all that the filters let through.
import { useCallback, useRef, useState } from "react";

/** The server's limit on a list of ids; more people are chosen by filters. */
export const mostTicked = 1000;

export interface Selection {
  ids: ReadonlySet<string>;
  all: boolean;
}

const none: Selection = { ids: new Set(), all: false };

/** @param row gives who stands at an index, where that is known. */
export function useSelection(row: (index: number) => string | undefined) {
  const [selection, setSelection] = useState<Selection>(none);
  const anchor = useRef<number | null>(null);
  const at = useRef(row);
  at.current = row;
  /** With Shift, everybody between the last one that was ticked and this one. */
  const toggle = useCallback((index: number, isRange: boolean) => {
    const from = isRange && anchor.current !== null ? anchor.current : index;
    anchor.current = index;
    const between: string[] = [];
    for (let each = Math.min(from, index); each <= Math.max(from, index); each++) {
      const id = at.current(each);
      if (id) between.push(id);
    }
    const id = at.current(index);
    setSelection((before) => {
      const ids = new Set(before.ids);
      const ticks = id !== undefined && !ids.has(id);
      for (const each of between) {
        if (!ticks) ids.delete(each);
        else if (ids.size < mostTicked) ids.add(each);
      }
      return { ids, all: false };
    });
  }, []);
  return {
    selection,
    toggle,
    selectAll: useCallback(() => setSelection({ ids: new Set(), all: true }), []),
    clear: useCallback(() => {
      anchor.current = null;
      setSelection(none);
    }, []),
  };
}
