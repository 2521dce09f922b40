import { type ReactNode, useRef, useState } from "react";
import { useWords } from "../lib/i18n";
import { Button } from "./Button";
import { Popover } from "./Popover";

interface FilterSheetProps {
  label: string;
  /** How many filters are set in it; told on the button. */
  set?: number;
  children: ReactNode;
}

/** A button that opens filters in a layer of their own. */
export function FilterSheet({ label, set = 0, children }: FilterSheetProps) {
  const t = useWords();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button ref={anchor} icon="filter" aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
        {label}
        {set > 0 && <span className="count num">{t("figure", { value: set })}</span>}
      </Button>
      {open && (
        <Popover anchor={anchor} label={label} className="more-filters" onClose={() => setOpen(false)}>
          {children}
        </Popover>
      )}
    </>
  );
}
