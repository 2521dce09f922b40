// One row of a long list holds the Tab stop; keys move it, and the focus is never lost to a row that leaves the page.
import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { Window } from "../../ui/useWindow";

const linkOf = (body: HTMLElement | null, index: number): HTMLElement | null =>
  body?.querySelector<HTMLElement>(`[data-index="${index}"] .row-link`) ?? null;

const indexOf = (node: Element | null): number | null => {
  const row = node?.closest<HTMLElement>("[data-index]");
  return row ? Number(row.dataset["index"]) : null;
};

function targetOf(key: string, at: number, length: number, fits: number): number | null {
  const page = Math.max(1, fits - 2);
  const target =
    { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: length - 1 }[key];
  return target === undefined ? null : Math.min(Math.max(target, 0), length - 1);
}

/** Scrolls as little as it takes for a row to be seen whole, below the head that stays. */
export function reveal(body: HTMLElement, index: number, height: number): void {
  const scroller = body.closest<HTMLElement>("main");
  if (!scroller) return;
  const top = body.getBoundingClientRect().top - scroller.getBoundingClientRect().top + index * height;
  const head = body.parentElement?.querySelector("thead")?.getBoundingClientRect().height ?? 0;
  if (top < head) scroller.scrollTop += top - head;
  else if (top + height > scroller.clientHeight) scroller.scrollTop += top + height - scroller.clientHeight;
}

export function useRoving(body: RefObject<HTMLElement>, length: number, shown: Window) {
  const [active, setActive] = useState(0);
  /** Where the focus is to go, once that row is there. */
  const pending = useRef<number | null>(null);
  const focused = useRef<number | null>(null);
  useLayoutEffect(() => {
    // The row that had the focus has gone from under it: the one in its place takes over.
    const isLost = focused.current !== null && document.activeElement === document.body;
    const target = pending.current ?? (isLost ? Math.min(focused.current ?? 0, length - 1) : null);
    if (target === null) return;
    const link = linkOf(body.current, target);
    if (!link) return;
    pending.current = null;
    link.focus({ preventScroll: true });
  });
  // Tab comes in where one looks, unless the focus is in the list already.
  const seen = focused.current === null && (active < shown.first || active > shown.last)
    ? Math.floor((shown.first + shown.last) / 2)
    : active;
  return {
    active: Math.min(seen, Math.max(0, length - 1)),
    /** Rows that stay in the page wherever it is scrolled. */
    keep: [active, ...(focused.current === null ? [] : [focused.current])],
    onKeyDown(event: KeyboardEvent<HTMLElement>) {
      if (!(event.target instanceof HTMLElement) || !event.target.matches(".row-link")) return;
      if (event.ctrlKey || event.metaKey || event.altKey || !body.current) return;
      const target = targetOf(event.key, pending.current ?? active, length, shown.fits);
      if (target === null) return;
      event.preventDefault();
      pending.current = target;
      reveal(body.current, target, shown.height);
      setActive(target);
    },
    onFocus(event: FocusEvent<HTMLElement>) {
      const index = indexOf(event.target);
      if (index === null) return;
      focused.current = index;
      if (pending.current === null) setActive(index);
    },
    onBlur(event: FocusEvent<HTMLElement>) {
      const { target } = event;
      // A row that is taken out of the page gives its focus away without anybody's wish.
      queueMicrotask(() => {
        if (target.isConnected && !body.current?.contains(document.activeElement)) focused.current = null;
      });
    },
  };
}
