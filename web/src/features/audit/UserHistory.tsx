import { useWords } from "../../lib/i18n";
import type { User } from "../../lib/resources";
import { useQueryState } from "../../lib/router";
import { Segmented } from "../../ui/Segmented";
import { PresenceHistory } from "../presence/PresenceHistory";
import { AuditEntries } from "./AuditEntries";

interface UserHistoryProps {
  user: User;
  /** Whether the reader may see the log. */
  audits: boolean;
  /** Whether the reader may see when people came and went. */
  seesPresence: boolean;
}

/** What a member did, and when they came and went. */
export function UserHistory({ user, audits, seesPresence }: UserHistoryProps) {
  const t = useWords();
  const [query, setQuery] = useQueryState();
  const sides = [...(audits ? ["actions"] as const : []), ...(seesPresence ? ["presence"] as const : [])];
  const side = sides.find((each) => each === query["side"]) ?? sides[0] ?? "presence";
  return (
    <div className="stack">
      <Segmented
        legend={t("users.tab.history")}
        value={side}
        onChange={(next) => setQuery({ side: next === sides[0] ? null : next })}
        segments={sides.map((each) => ({ value: each, label: t(`history.${each}`) }))}
      />
      {side === "presence" ? <PresenceHistory userId={user.id} /> : <AuditEntries filters={{ actor: user.id }} />}
    </div>
  );
}

/** All that the audit log has of a member: what was done to them, and what they did. */
export function UserAudit({ user }: { user: User }) {
  return <AuditEntries filters={{ person: user.id }} />;
}
