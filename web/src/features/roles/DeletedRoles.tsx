import { useState } from "react";
import { get, type Page } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { usePages } from "../../lib/query";
import { readRole, type Role } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { More } from "../../ui/More";
import { Rich } from "../../ui/Rich";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { restoreRole } from "./edits";
import { PermissionWords } from "./PermissionWords";
import { RoleDot } from "./RoleChip";

/** Roles that were deleted: they are kept with those who held them, and can come back. */
export function DeletedRoles({ manages }: { manages: boolean }) {
  const t = useWords();
  const list = usePages<Role>("roles:deleted", async (cursor) => {
    const page = await get<Page<unknown>>("/roles", { deleted: true, limit: 50, cursor });
    return { ...page, items: page.items.map(readRole) };
  });
  if (list.problem && !list.pages) return <ErrorState problem={list.problem} onRetry={list.reload} />;
  if (!list.pages) return <Skeleton rows={4} />;
  if (list.pages.items.length === 0) {
    return <EmptyState icon="trash" title={t("roles.noDeleted.title")} text={t("roles.noDeleted.text")} />;
  }
  return (
    <>
      <ul role="list" className="rows deleted-roles" aria-label={t("roles.deletedList")}>
        {list.pages.items.map((role) => (
          <li key={role.id} className="row">
            <RoleDot role={role} />
            <div className="row-main">
              <div className="row-title">{role.name}</div>
              <div className="tiny muted">
                <Rich say="roles.deletedAt" parts={{ date: <Time at={role.deleted_at} /> }} />
                {role.member_count !== null && ` · ${t("roles.members.kept", { count: role.member_count })}`}
              </div>
            </div>
            <PermissionWords role={role} />
            {manages && <Restore role={role} />}
          </li>
        ))}
      </ul>
      <More list={list} />
    </>
  );
}

function Restore({ role }: { role: Role }) {
  const t = useWords();
  const [busy, setBusy] = useState(false);
  return (
    <Button
      icon="undo"
      busy={busy}
      aria-label={t("roles.restore", { role: role.name })}
      onClick={() => {
        setBusy(true);
        void restoreRole(role).finally(() => setBusy(false));
      }}
    >
      {t("roles.restoreVerb")}
    </Button>
  );
}
