import { useRef, useState } from "react";
import { useWords } from "../../lib/i18n";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Field";
import { Popover } from "../../ui/Popover";
import { columns, showColumn, shownColumns } from "./columns";

/** Chooses the columns of the list. */
export function ColumnsButton() {
  const t = useWords();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const shown = useStore(shownColumns);
  return (
    <>
      <Button ref={anchor} icon="settings" aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t("users.columns")}
      </Button>
      {open && (
        <Popover anchor={anchor} label={t("users.columns")} className="pad" onClose={() => setOpen(false)}>
          <div className="pick-list">
            {columns.map((each) => (
              <Checkbox
                key={each}
                label={t(`users.column.${each}`)}
                checked={shown.includes(each)}
                onChange={(event) => showColumn(each, event.target.checked)}
              />
            ))}
          </div>
        </Popover>
      )}
    </>
  );
}
