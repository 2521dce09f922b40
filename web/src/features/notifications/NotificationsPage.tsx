import { useWords } from "../../lib/i18n";
import { useQueryState } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { NoticeList } from "./NoticeList";
import { markRead, useNotifications } from "./notifications";
import { unread } from "./unread";

/** All notifications, or the unread ones. */
export function NotificationsPage() {
  const t = useWords();
  const count = useStore(unread);
  const [query, setQuery] = useQueryState();
  const tab = query["show"] === "unread" ? "unread" : "all";
  const list = useNotifications(tab === "unread");
  const items = list.pages?.items.filter((each) => tab === "all" || each.read_at === null);
  return (
    <Page
      title={t("nav.notifications")}
      before={
        <Link href="/" className="icon-btn narrow-only" aria-label={t("nav.home")}>
          <Icon name="left" size={20} />
        </Link>
      }
      actions={
        <>
          {count > 0 && <Button icon="check" onClick={() => void markRead(null)}>{t("notices.readAll")}</Button>}
          <Link href="/settings/notifications" className="icon-btn" aria-label={t("notify.settings")}>
            <Icon name="settings" size={18} />
          </Link>
        </>
      }
    >
      <Tabs
        label={t("nav.notifications")}
        tabs={[{ id: "all", label: t("notify.tab.all") }, {
          id: "unread",
          label: t("notify.tab.unread"),
          ...(count > 0 ? { count } : {}),
        }]}
        value={tab}
        onChange={(next) => setQuery({ show: next === "unread" ? next : null })}
      >
        <div className="notices-page">
          {list.problem && !items && <ErrorState problem={list.problem} onRetry={list.reload} />}
          {!items && !list.problem && <Skeleton rows={8} />}
          {items?.length === 0 && (
            <EmptyState icon="bell" title={t("notices.none.title")} text={t("notices.none.text")} />
          )}
          {items && items.length > 0 && <NoticeList notices={items} />}
          <More list={list} />
        </div>
      </Tabs>
    </Page>
  );
}
