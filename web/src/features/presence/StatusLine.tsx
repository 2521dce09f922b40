import { useLanguage, useWords } from "../../lib/i18n";
import type { Presence } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { duration, now } from "../../lib/time";
import { Time } from "../../ui/Time";
import { statusName } from "./StatusMark";

/** What a person says about themselves; else their status, with when they were last seen. */
export function StatusLine({ presence }: { presence: Presence }) {
  const t = useWords();
  const { status, status_emoji, status_message, last_seen_at } = presence;
  if (status_message || status_emoji) {
    return <span className="cut">{[status_emoji, status_message].filter(Boolean).join(" ")}</span>;
  }
  if (status === "offline" && last_seen_at) {
    return (
      <span className="cut">
        {t("status.offline")} · <Time at={last_seen_at} />
      </span>
    );
  }
  return <span className="cut">{statusName(status, t)}</span>;
}

/** What somebody is doing, and for how long. */
export function ActivityLine({ presence }: { presence: Presence }) {
  const of = useLanguage();
  const clock = useStore(now);
  const { activity } = presence;
  if (!activity) return null;
  const since = activity.started_at ? Date.parse(activity.started_at) : NaN;
  return (
    <span className="cut" title={activity.details ?? undefined}>
      {activity.name}
      {!Number.isNaN(since) && <span className="muted num">{` · ${duration(clock - since, of)}`}</span>}
    </span>
  );
}
