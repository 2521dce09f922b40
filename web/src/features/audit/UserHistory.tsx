import { useState } from "react";
import { useWords } from "../../lib/i18n";
import type { User } from "../../lib/resources";
import { Segmented } from "../../ui/Segmented";
import { AuditEntries } from "./AuditEntries";

/** What was done to a member, and what they did, as the audit log has it. */
export function UserHistory({ user }: { user: User }) {
  const t = useWords();
  const [side, setSide] = useState<"target" | "actor">("target");
  return (
    <div className="stack">
      <Segmented
        legend={t("users.tab.history")}
        value={side}
        onChange={setSide}
        segments={[{ value: "target", label: t("history.about") }, { value: "actor", label: t("history.by") }]}
      />
      <AuditEntries filters={{ [side]: user.id }} />
    </div>
  );
}
