import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from "react";

interface PopoverProps {
  anchor: RefObject<HTMLElement>;
  id?: string;
  label?: string | undefined;
  labelledBy?: string | undefined;
  onClose: () => void;
  children: ReactNode;
  side?: "below" | "above";
  align?: "start" | "end";
  /** None for what only holds a list that another control works: that one keeps the focus. */
  role?: "dialog" | "menu" | "none";
  className?: string;
}

type Floating = HTMLElement & { showPopover?: () => void; hidePopover?: () => void };

/** A layer beside its button, on the platform's popover: top layer, closed by Esc and by a press outside. */
export function Popover(
  props: PopoverProps,
) {
  const { anchor, id, label, labelledBy, onClose, children, side = "below", align = "start", role = "dialog" } = props;
  const ref = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const layer = ref.current as Floating | null;
    const button = anchor.current;
    if (!layer || !button) return;
    layer.showPopover?.();
    const settle = () => place(layer, button, side, align);
    const follow = (event: Event) => layer.contains(event.target as Node) || settle();
    settle();
    const watcher = new ResizeObserver(settle);
    watcher.observe(layer);
    addEventListener("resize", settle);
    addEventListener("scroll", follow, { capture: true, passive: true });
    if (role !== "none") focusFirst(layer);
    return () => {
      watcher.disconnect();
      removeEventListener("resize", settle);
      removeEventListener("scroll", follow, { capture: true });
    };
  }, []);
  useEffect(() => {
    const layer = ref.current;
    const onToggle = (event: Event) => {
      if ((event as Event & { newState?: string }).newState === "closed") close.current();
    };
    layer?.addEventListener("toggle", onToggle);
    return () => {
      layer?.removeEventListener("toggle", onToggle);
      if (layer?.contains(document.activeElement) || document.activeElement === document.body) {
        anchor.current?.focus({ preventScroll: true });
      }
    };
  }, []);
  return (
    <div
      ref={ref}
      id={id}
      className={`popover ${props.className ?? ""}`}
      role={role}
      aria-label={label}
      aria-labelledby={labelledBy}
      {...{ popover: "auto" }}
    >
      {children}
    </div>
  );
}

function focusFirst(layer: HTMLElement): void {
  const first = "[data-autofocus], [role^=menuitem]:not([tabindex='-1']), input:checked";
  (layer.querySelector<HTMLElement>(first) ?? layer.querySelector<HTMLElement>("button, input, a, textarea"))?.focus();
}

function place(layer: HTMLElement, button: HTMLElement, side: "below" | "above", align: "start" | "end"): void {
  const gap = 6;
  const edge = 8;
  const at = button.getBoundingClientRect();
  layer.style.setProperty("--anchor", `${at.width}px`);
  const { offsetWidth: width, offsetHeight: height } = layer;
  const below = at.bottom + gap;
  const above = at.top - gap - height;
  const wanted = side === "below"
    ? (below + height > innerHeight - edge && above > edge ? above : below)
    : (above < edge ? below : above);
  const left = align === "start" ? at.left : at.right - width;
  layer.style.top = `${Math.max(edge, Math.min(wanted, innerHeight - height - edge))}px`;
  layer.style.left = `${Math.max(edge, Math.min(left, innerWidth - width - edge))}px`;
}

/** Up, Down, Home and End between the items of a menu or a list. */
export function roveFocus(event: KeyboardEvent<HTMLElement>, selector: string): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
  const index = items.indexOf(document.activeElement as HTMLElement);
  const target = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: items.length - 1 }[event.key];
  if (target === undefined || items.length === 0) return;
  event.preventDefault();
  items[(target + items.length) % items.length]?.focus();
}
