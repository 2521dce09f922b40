import { useWords } from "../../lib/i18n";
import { Icon, type IconName } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Time } from "../../ui/Time";
import { Avatar } from "../presence/Avatar";
import { useCard } from "../presence/cards";
import { markRead, type Notification } from "./notifications";

const icons: Record<string, IconName> = {
  "friend.requested": "addFriend",
  "friend.accepted": "friends",
  "friend.online": "user",
  "message.direct": "message",
  "message.mention": "at",
  "message.reaction": "smile",
  "call.missed": "bell",
  "role.assigned": "shield",
  "role.revoked": "shield",
  "user.banned": "ban",
};

interface NoticeListProps {
  notices: readonly Notification[];
  /** Called when a notification is opened. */
  onGo?: () => void;
}

export function NoticeList({ notices, onGo }: NoticeListProps) {
  const t = useWords();
  return (
    <ul role="list" className="notices-list" aria-label={t("notices.title")}>
      {notices.map((notice) => <Notice key={notice.id} notice={notice} onGo={onGo} />)}
    </ul>
  );
}

function Notice({ notice, onGo }: { notice: Notification; onGo: (() => void) | undefined }) {
  const t = useWords();
  const card = useCard(notice.actor?.id ?? null);
  const actor = card ?? notice.actor;
  const icon = icons[notice.kind] ?? "bell";
  const isUnread = notice.read_at === null;
  return (
    <li className={isUnread ? "unread" : ""}>
      <Link
        href={notice.url}
        className="notice-link"
        onClick={() => {
          if (isUnread) void markRead([notice.id]);
          onGo?.();
        }}
      >
        <span className="notice-face">
          {actor ? <Avatar user={actor} /> : (
            <span className="notice-icon">
              <Icon name={icon} />
            </span>
          )}
          {actor && (
            <span className="notice-kind">
              <Icon name={icon} size={10} />
            </span>
          )}
        </span>
        <span className="notice-text">
          <span>{notice.title}</span>
          {notice.body && <span className="muted tiny cut">{notice.body}</span>}
          <span className="tiny muted">
            <Time at={notice.created_at} />
          </span>
        </span>
        {notice.count > 1 && <span className="notice-count num tiny muted">×{notice.count}</span>}
        {isUnread && <span className="hidden">{t("notices.unread")}</span>}
      </Link>
    </li>
  );
}
