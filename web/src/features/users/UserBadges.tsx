import { useWords } from "../../lib/i18n";
import type { User } from "../../lib/resources";

export function UserBadges({ user }: { user: User }) {
  const t = useWords();
  return (
    <>
      {user.is_banned && <span className="badge bad">{t("users.badge.banned")}</span>}
      {user.is_disabled && <span className="badge warn">{t("users.badge.disabled")}</span>}
      {user.deleted_at && <span className="badge bad">{t("users.badge.deleted")}</span>}
    </>
  );
}
