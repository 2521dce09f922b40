import type { KeyboardEvent } from "react";

/** Up and Down from one row's name to the next. */
export function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  if (!(event.target instanceof HTMLElement) || !event.target.matches(".row-link, .entry-link")) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>(".row-link, .entry-link")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const next = step && links[links.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
