import { useWords } from "../../lib/i18n";
import { useStore } from "../../lib/store";
import { now } from "../../lib/time";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Time } from "../../ui/Time";
import { holds, useOwnSanctions } from "./sanctions";

/** Above every page: a mute in force, or a warning that is not acknowledged. */
export function SanctionNotice() {
  const t = useWords();
  const clock = useStore(now);
  const { data } = useOwnSanctions();
  const mute = data?.find((each) => each.kind === "mute" && holds(each, clock));
  const unread = data?.find((each) => each.kind === "warn" && each.acknowledgedAt === null && each.endedAt === null);
  if (!mute && !unread) return null;
  return (
    <div className="sanction-notice" role="status">
      <Icon name={mute ? "bellOff" : "warning"} size={18} />
      <span className="grow">
        {mute
          ? (
            <>
              <b>{t("sanctions.notice.mute")}</b> {mute.expiresAt && (
                <>
                  {t("sanctions.until")} <Time at={mute.expiresAt} />.
                </>
              )} {mute.reason}
            </>
          )
          : (
            <>
              <b>{t("sanctions.notice.warn")}</b> {unread?.reason}
            </>
          )}
      </span>
      <Link href="/settings/sanctions" className="link">{t("sanctions.notice.read")}</Link>
    </div>
  );
}
