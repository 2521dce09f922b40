import { useWords } from "../../lib/i18n";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Link } from "../../ui/Link";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { NoticeList } from "./NoticeList";
import { markRead, useRecent } from "./notifications";
import { unread } from "./unread";

/** The latest notifications, below the bell. */
export function Recent({ onClose }: { onClose: () => void }) {
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
