import { type ReactNode, useRef, useState } from "react";
import { useWords } from "../lib/i18n";
import { Button } from "./Button";
import { Icon, type IconName } from "./Icon";
import { Link } from "./Link";
import { Popover } from "./Popover";
import { EmptyState } from "./States";
import { Time } from "./Time";

export interface Notice {
  id: string;
  icon: IconName;
  title: ReactNode;
  text?: string;
  href: string;
  at: string | number;
  isRead: boolean;
}

interface CentreProps {
  notices: readonly Notice[];
  onRead: (id: string) => void;
  onReadAll: () => void;
}

/** The bell with how many are unread, and what they are. */
export function NotificationBell(props: CentreProps) {
  const t = useWords();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const unread = props.notices.filter((notice) => !notice.isRead).length;
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className="rail-link"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={t("notices.bell", { count: unread })}
        onClick={() => setOpen(!open)}
      >
        <Icon name="bell" size={20} />
        {unread > 0 && <span className="pill num" aria-hidden="true">{unread > 99 ? "99+" : unread}</span>}
      </button>
      {open && (
        <Popover anchor={anchor} label={t("notices.title")} onClose={() => setOpen(false)} className="notices">
          <NotificationCentre {...props} />
        </Popover>
      )}
    </>
  );
}

export function NotificationCentre({ notices, onRead, onReadAll }: CentreProps) {
  const t = useWords();
  const unread = notices.some((notice) => !notice.isRead);
  return (
    <>
      <header className="notices-head">
        <h2>{t("notices.title")}</h2>
        {unread && <Button look="quiet" onClick={onReadAll}>{t("notices.readAll")}</Button>}
      </header>
      {notices.length === 0 && <EmptyState icon="bell" title={t("notices.none.title")} text={t("notices.none.text")} />}
      <ul role="list" className="notices-list">
        {notices.map((notice) => (
          <li key={notice.id} className={notice.isRead ? "" : "unread"}>
            <Link href={notice.href} className="notice-link" onClick={() => onRead(notice.id)}>
              <Icon name={notice.icon} size={18} />
              <span className="notice-text">
                <span>{notice.title}</span>
                {notice.text && <span className="muted cut">{notice.text}</span>}
                <span className="tiny muted">
                  <Time at={notice.at} />
                </span>
              </span>
              {!notice.isRead && <span className="hidden">{t("notices.unread")}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
