import { type MouseEvent, type ReactNode, useRef, useState } from "react";
import { Icon } from "./Icon";
import type { MenuItem } from "./Menu";
import { Popover, roveFocus } from "./Popover";

interface ContextMenuProps {
  label: string;
  items: readonly MenuItem[];
  children: ReactNode;
  className?: string;
}

/** What can be done with something, under the right button, the menu key or Shift F10. The same stands behind a button, too. */
export function ContextMenu({ label, items, children, className = "" }: ContextMenuProps) {
  const anchor = useRef<HTMLSpanElement>(null);
  const around = useRef<HTMLDivElement>(null);
  const before = useRef<HTMLElement | null>(null);
  const [open, setOpen] = useState(false);
  const onContextMenu = (event: MouseEvent<HTMLDivElement>) => {
    const mark = anchor.current;
    const box = around.current?.getBoundingClientRect();
    if (items.length === 0 || !mark || !box) return;
    event.preventDefault();
    before.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    // By the keyboard there is no place of the pointer: under what has the focus.
    const isByKey = event.button !== 2;
    const from = isByKey ? (event.target as HTMLElement).getBoundingClientRect() : null;
    mark.style.left = `${(from ? from.left : event.clientX) - box.left}px`;
    mark.style.top = `${(from ? from.bottom : event.clientY) - box.top}px`;
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    before.current?.focus({ preventScroll: true });
  };
  return (
    <div ref={around} className={`context ${className}`} onContextMenu={onContextMenu}>
      {children}
      <span ref={anchor} className="context-mark" aria-hidden="true" />
      {open && (
        <Popover anchor={anchor} label={label} role="menu" onClose={close} className="menu">
          <div role="none" onKeyDown={(event) => roveFocus(event, "[role=menuitem]")}>
            {items.map((item) => (
              <button
                key={item.label}
                type="button"
                role="menuitem"
                className={`menu-item ${item.danger ? "danger" : ""}`}
                onClick={() => {
                  close();
                  item.onSelect();
                }}
              >
                <Icon name={item.icon} />
                {item.label}
              </button>
            ))}
          </div>
        </Popover>
      )}
    </div>
  );
}
