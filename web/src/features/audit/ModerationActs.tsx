import { useEffect } from "react";
import { useWords } from "../../lib/i18n";
import { gateway } from "../../lib/live";
import { invalidate, useQuery } from "../../lib/query";
import type { User } from "../../lib/resources";
import { Link } from "../../ui/Link";
import { EmptyState } from "../../ui/States";
import { Time } from "../../ui/Time";
import { AuditEntries, auditKey } from "./AuditEntries";
import { fetchEntries } from "./entries";
import { useNames } from "./names";

const acts = [
  "user.ban",
  "user.unban",
  "user.disable",
  "user.enable",
  "user.delete",
  "user.restore",
  "session.revoke",
  "totp.reset",
];

/** What was done to keep somebody in order, newest first: bans and their ends, accounts closed, sessions ended. */
export function ModerationActs({ user }: { user: User }) {
  const t = useWords();
  const filters = { target: user.id, action: acts.join() };
  const key = auditKey(filters);
  useEffect(() =>
    gateway.on("user.*", (event) => {
      if (event["user_id"] === user.id) invalidate(key);
    }), [key]);
  return (
    <AuditEntries
      filters={filters}
      none={<EmptyState icon="shield" title={t("moderation.none.title")} text={t("moderation.none.text")} />}
    />
  );
}

/** Who banned somebody, and when, as the log has it. */
export function BannedBy({ user }: { user: User }) {
  const t = useWords();
  const { data } = useQuery(
    `audit:ban:${user.id}`,
    async () => (await fetchEntries({ target: user.id, action: "user.ban", result: "success" }, null, 1)).items,
  );
  const names = useNames(data ?? []);
  const entry = data?.[0];
  if (!entry) return <span>–</span>;
  const name = entry.actorName ?? names.user(entry.actorId) ?? entry.actorId?.slice(0, 8);
  return (
    <span>
      {entry.actorId === null
        ? t("audit.system")
        : <Link href={`/panel/members/${entry.actorId}`} className="textlink">{name ?? "?"}</Link>} ·{" "}
      <Time at={entry.at} />
    </span>
  );
}
