// Cards in a grid or a line: one of them holds the Tab stop, the arrows go where they point, and its buttons come after it.
import { type FocusEvent, type KeyboardEvent, useState } from "react";

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Which box lies in that direction of the one at `at`; null where there is none. */
export function neighbour(boxes: readonly Box[], at: number, key: string): number | null {
  const from = boxes[at];
  if (!from) return null;
  if (key === "Home") return 0;
  if (key === "End") return boxes.length - 1;
  if (key === "ArrowLeft") return at > 0 ? at - 1 : null;
  if (key === "ArrowRight") return at < boxes.length - 1 ? at + 1 : null;
  if (key !== "ArrowUp" && key !== "ArrowDown") return null;
  const way = key === "ArrowDown" ? 1 : -1;
  const middle = from.left + from.width / 2;
  let best: { index: number; step: number; aside: number } | null = null;
  for (const [index, box] of boxes.entries()) {
    const step = (box.top - from.top) * way;
    if (step < from.height / 2) continue;
    const aside = Math.abs(box.left + box.width / 2 - middle);
    const isNearer = !best || step < best.step - from.height / 2 ||
      (Math.abs(step - best.step) <= from.height / 2 && aside < best.aside);
    if (isNearer) best = { index, step, aside };
  }
  return best?.index ?? null;
}

/** - Parameter main: the selector of each card's own link, in their order. */
export function useGridFocus(main: string, length: number) {
  const [active, setActive] = useState(0);
  const at = active < length ? active : 0;
  return {
    /** Tab stops are those of this card alone. */
    active: at,
    onFocus(event: FocusEvent<HTMLElement>) {
      const card = event.target.closest<HTMLElement>("[data-card]");
      if (card) setActive(Number(card.dataset["card"]));
    },
    onKeyDown(event: KeyboardEvent<HTMLElement>) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (!(event.target instanceof HTMLElement) || !event.target.matches(main)) return;
      const links = [...event.currentTarget.querySelectorAll<HTMLElement>(main)];
      const to = neighbour(links.map((link) => link.getBoundingClientRect()), links.indexOf(event.target), event.key);
      if (to === null) return;
      event.preventDefault();
      links[to]?.focus();
      links[to]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    },
  };
}
