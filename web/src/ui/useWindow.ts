// Which rows of a long list stand on the screen, where all rows are of one height.
import { type RefObject, useLayoutEffect, useState } from "react";

export interface Window {
  first: number;
  last: number;
  /** Of a row, in pixels. */
  height: number;
  /** Rows that fit on the screen. */
  fits: number;
}

/** Rows above and below the screen that are there already when it moves. */
const overscan = 6;

const heightOf = (property: string): number =>
  parseFloat(getComputedStyle(document.documentElement).getPropertyValue(property)) || 56;

/** @param property the CSS custom property that says how high a row is. */
export function useWindow(rows: RefObject<HTMLElement>, property: string): Window {
  const [shown, setShown] = useState<Window>(() => ({ first: 0, last: 24, height: heightOf(property), fits: 12 }));
  useLayoutEffect(() => {
    const list = rows.current;
    const scroller = list?.closest<HTMLElement>("main");
    if (!list || !scroller) return;
    const look = () => {
      const height = heightOf(property);
      const top = scroller.getBoundingClientRect().top - list.getBoundingClientRect().top;
      const first = Math.max(0, Math.floor(top / height) - overscan);
      const fits = Math.max(1, Math.floor(scroller.clientHeight / height));
      const last = Math.max(0, Math.ceil((top + scroller.clientHeight) / height)) + overscan;
      setShown((before) =>
        before.first === first && before.last === last && before.height === height && before.fits === fits
          ? before
          : { first, last, height, fits }
      );
    };
    look();
    scroller.addEventListener("scroll", look, { passive: true });
    const watcher = new ResizeObserver(look);
    watcher.observe(scroller);
    return () => {
      scroller.removeEventListener("scroll", look);
      watcher.disconnect();
    };
  }, [property]);
  return shown;
}
