import { type ReactNode, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";

interface HoverCardProps {
  label: string;
  /** What one rests on; a link or a button, which also leads to all of it. */
  children: ReactNode;
  card: ReactNode;
}

const openAfter = 350;
const closeAfter = 200;

/** A look at something without going there: on rest and on focus, and it stays while one is on it. Never the only way to what it holds. */
export function HoverCard({ label, children, card }: HoverCardProps) {
  const around = useRef<HTMLSpanElement>(null);
  const timer = useRef(0);
  const [open, setOpen] = useState(false);
  const soon = (next: boolean, after: number) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setOpen(next), after);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setOpen(false);
    };
    addEventListener("keydown", onKey, true);
    return () => removeEventListener("keydown", onKey, true);
  }, [open]);
  const place = (node: HTMLDivElement | null) => {
    const at = around.current?.getBoundingClientRect();
    if (!node || !at) return;
    const below = at.bottom + 6;
    node.style.top = `${below + node.offsetHeight > innerHeight - 8 ? at.top - node.offsetHeight - 6 : below}px`;
    node.style.left = `${Math.max(8, Math.min(at.left, innerWidth - node.offsetWidth - 8))}px`;
  };
  return (
    <span
      ref={around}
      onMouseEnter={() => soon(true, openAfter)}
      onMouseLeave={() => soon(false, closeAfter)}
      onFocus={() => soon(true, openAfter)}
      onBlur={() => soon(false, closeAfter)}
    >
      {children}
      {open && createPortal(
        <div
          ref={place}
          className="hover-card"
          role="group"
          aria-label={label}
          onMouseEnter={() => soon(true, 0)}
          onMouseLeave={() => soon(false, closeAfter)}
        >
          {card}
        </div>,
        document.body,
      )}
    </span>
  );
}
