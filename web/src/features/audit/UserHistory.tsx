import { useState } from "react";
import { useWords } from "../../lib/i18n";
import type { User } from "../../lib/resources";
import { Segmented } from "../../ui/Segmented";
import { PresenceHistory } from "../presence/PresenceHistory";
import { AuditEntries } from "./AuditEntries";

interface UserHistoryProps {
  user: User;
  /** Whether the reader may see when people came and went. */
  seesPresence: boolean;
}

/** What was done to a member, and what they did, as the audit log has it; and when they came and went. */
export function UserHistory({ user, seesPresence }: UserHistoryProps) {
  const t = useWords();
  const [side, setSide] = useState<"target" | "actor" | "presence">("target");
  return (
    <div className="stack">
      <Segmented
        legend={t("users.tab.history")}
        value={side}
        onChange={setSide}
        segments={[
          { value: "target", label: t("history.about") },
          { value: "actor", label: t("history.by") },
          ...(seesPresence ? [{ value: "presence" as const, label: t("history.presence") }] : []),
        ]}
      />
      {side === "presence" ? <PresenceHistory userId={user.id} /> : <AuditEntries filters={{ [side]: user.id }} />}
    </div>
  );
}
