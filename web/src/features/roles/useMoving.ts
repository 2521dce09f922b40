import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Role } from "../../lib/resources";
import { moved, saveOrder } from "./reorder";

interface Held {
  id: string;
  order: readonly Role[];
  /** By keyboard it is put down with a key; by pointer when the pointer is let go. */
  by: "keys" | "pointer";
}

export interface Moving {
  shown: readonly Role[];
  held: string | null;
  /** What is said aloud: the last thing that happened, with the role and its place. */
  news: { say: "picked" | "moved" | "dropped" | "back"; role: Role; at: number } | null;
  step: (role: Role, by: number) => void;
  handle: (role: Role) => {
    onKeyDown: (event: KeyboardEvent) => void;
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onBlur: () => void;
  };
}

/** Picking a role up, moving it, putting it down: with the pointer, or with Space, the arrows and Esc. */
export function useMoving(list: readonly Role[], rank: number): Moving {
  const [picked, setHeld] = useState<Held | null>(null);
  // A role that somebody else deletes meanwhile is no longer held.
  const held = picked && list.some((role) => role.id === picked.id) ? picked : null;
  const [news, setNews] = useState<Moving["news"]>(null);
  const latest = useRef<Held | null>(null);
  const grip = useRef<HTMLElement | null>(null);
  const hold = (next: Held | null) => {
    latest.current = next;
    setHeld(next);
  };
  const tell = (say: "picked" | "moved" | "dropped" | "back", role: Role, order: readonly Role[]) =>
    setNews({ say, role, at: order.findIndex((each) => each.id === role.id) + 1 });
  const pick = (role: Role, by: Held["by"]) => {
    hold({ id: role.id, order: list, by });
    tell("picked", role, list);
  };
  const drop = (role: Role) => {
    const order = latest.current?.order ?? list;
    hold(null);
    tell("dropped", role, order);
    saveOrder(order.map((each) => each.id), role);
  };
  const putBack = (role: Role) => {
    hold(null);
    tell("back", role, list);
  };
  const moveTo = (role: Role, to: number) => {
    const now = latest.current;
    if (!now) return;
    const order = moved(now.order, role.id, to, rank);
    if (order.every((each, index) => each.id === now.order[index]?.id)) return;
    hold({ ...now, order });
    tell("moved", role, order);
  };
  const onKey = (event: KeyboardEvent, role: Role) => {
    const now = latest.current;
    const isPress = event.key === " " || event.key === "Enter";
    if (!now && !isPress) return;
    const at = now?.order.findIndex((each) => each.id === role.id) ?? 0;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length }[event.key];
    grip.current = event.currentTarget as HTMLElement;
    if (isPress) now ? drop(role) : pick(role, "keys");
    else if (event.key === "Escape") putBack(role);
    else if (to !== undefined) moveTo(role, to);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const dragged = held?.by === "pointer" ? list.find((role) => role.id === held.id) : undefined;
  useEffect(() => {
    if (!dragged) return;
    // On the window: a row that is moved in the document loses a pointer that it had captured.
    const stop = new AbortController();
    const options = { signal: stop.signal };
    addEventListener(
      "pointermove",
      (event) => moveTo(dragged, rowsAbove(grip.current, dragged, event.clientY)),
      options,
    );
    addEventListener("pointerup", () => drop(dragged), options);
    addEventListener("pointercancel", () => putBack(dragged), options);
    return () => stop.abort();
  }, [dragged?.id]);
  useLayoutEffect(() => {
    if (held?.by === "keys") grip.current?.focus();
  }, [held]);
  return {
    shown: held?.order ?? list,
    held: held?.id ?? null,
    news,
    step: (role, by) => {
      const order = moved(list, role.id, list.findIndex((each) => each.id === role.id) + by, rank);
      tell("dropped", role, order);
      saveOrder(order.map((each) => each.id), role);
    },
    handle: (role) => ({
      onKeyDown: (event) => onKey(event, role),
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        grip.current = event.currentTarget;
        pick(role, "pointer");
      },
      // A row that changes its place takes the focus from what it holds, for a moment; only what does not come back was left.
      onBlur: () =>
        setTimeout(() => {
          const now = latest.current;
          if (now?.by === "keys" && now.id === role.id && document.activeElement !== grip.current) putBack(role);
        }),
    }),
  };
}

/** How many other rows have their middle above: the place that the pointer means. */
function rowsAbove(grip: HTMLElement | null, role: Role, y: number): number {
  const rows = [...(grip?.closest("tbody")?.querySelectorAll<HTMLElement>("tr") ?? [])];
  return rows.filter((row) => row.dataset["role"] !== role.id && middle(row) < y).length;
}

function middle(row: HTMLElement): number {
  const box = row.getBoundingClientRect();
  return box.top + box.height / 2;
}
