import { useRef, useState } from "react";
import { Slot } from "../../contract/Part";
import { useWords } from "../../lib/i18n";
import { useStore } from "../../lib/store";
import { Icon } from "../../ui/Icon";
import { Popover } from "../../ui/Popover";
import { Skeleton } from "../../ui/States";
import { unread } from "./unread";

/** The bell with the unread count, and the latest notifications in a popover. */
export function Bell() {
  const t = useWords();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const count = useStore(unread);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className="rail-link"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={t("notices.bell", { count })}
        onClick={() => setOpen(!open)}
      >
        <Icon name="bell" size={20} />
        {count > 0 && <span className="pill num" aria-hidden="true">{count > 99 ? "99+" : count}</span>}
      </button>
      {open && (
        <Popover
          anchor={anchor}
          label={t("notices.title")}
          onClose={() => setOpen(false)}
          className="notices"
          side="above"
        >
          <Slot name="notices.recent" onClose={() => setOpen(false)} coming={<Skeleton rows={4} />} />
        </Popover>
      )}
    </>
  );
}
