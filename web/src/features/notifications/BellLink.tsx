import { useWords } from "../../lib/i18n";
import { modulesOn } from "../../lib/modules";
import { useStore } from "../../lib/store";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { unread } from "./unread";

/** The bell on phones, in the header of top-level pages; it opens all notifications. */
export function BellLink() {
  const t = useWords();
  const count = useStore(unread);
  const modules = useStore(modulesOn);
  if (!modules?.includes("notifications")) return null;
  return (
    <Link href="/notifications" className="icon-btn narrow-only head-bell" aria-label={t("notices.bell", { count })}>
      <Icon name="bell" size={20} />
      {count > 0 && <span className="pill num" aria-hidden="true">{count > 99 ? "99+" : count}</span>}
    </Link>
  );
}
