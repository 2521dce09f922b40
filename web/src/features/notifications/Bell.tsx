import { useRef, useState } from "react";
import { useWords } from "../../lib/i18n";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Popover } from "../../ui/Popover";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { NoticeList } from "./NoticeList";
import { markRead, useRecent } from "./notifications";
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
          <Recent onClose={() => setOpen(false)} />
        </Popover>
      )}
    </>
  );
}

function Recent({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const count = useStore(unread);
  const { data, problem, reload } = useRecent();
  return (
    <>
      <header className="notices-head">
        <h2>{t("notices.title")}</h2>
        {count > 0 && <Button look="quiet" onClick={() => void markRead(null)}>{t("notices.readAll")}</Button>}
      </header>
      {problem && !data && <ErrorState problem={problem} onRetry={reload} />}
      {!data && !problem && <Skeleton rows={4} />}
      {data?.length === 0 && <EmptyState icon="bell" title={t("notices.none.title")} text={t("notices.none.text")} />}
      {data && <NoticeList notices={data} onGo={onClose} />}
      <footer className="notices-foot">
        <Link href="/notifications" className="textlink" onClick={onClose}>{t("notify.all")}</Link>
        <Link href="/settings/notifications" className="textlink" onClick={onClose}>{t("notify.settings")}</Link>
      </footer>
    </>
  );
}
