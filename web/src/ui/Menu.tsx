import { useRef, useState } from "react";
import { Icon, type IconName } from "./Icon";
import { Button, IconButton } from "./Button";
import { Popover, roveFocus } from "./Popover";

export interface MenuItem {
  label: string;
  icon: IconName;
  onSelect: () => void;
  danger?: boolean;
}

/** Three dots, and what they hide. */
export function Menu(
  { label, items, text, tabIndex }: {
    label: string;
    items: readonly MenuItem[];
    /** In place of the three dots. */
    text?: string;
    tabIndex?: number | undefined;
  },
) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  if (items.length === 0) return null;
  const opens = { "aria-haspopup": "menu", "aria-expanded": open, onClick: () => setOpen(!open) } as const;
  return (
    <>
      {text
        ? (
          <Button ref={anchor} look="primary" icon="down" {...opens}>
            {text}
          </Button>
        )
        : <IconButton ref={anchor} icon="more" label={label} tabIndex={tabIndex} {...opens} />}
      {open && (
        <Popover
          anchor={anchor}
          label={label}
          role="menu"
          align="end"
          onClose={() => setOpen(false)}
          className="menu"
        >
          <div role="none" onKeyDown={(event) => roveFocus(event, "[role=menuitem]")}>
            {items.map((item) => (
              <button
                key={item.label}
                type="button"
                role="menuitem"
                className={`menu-item ${item.danger ? "danger" : ""}`}
                onClick={() => {
                  setOpen(false);
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
    </>
  );
}
