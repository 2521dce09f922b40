import { useCan } from "../features/accounts/session";
import { AuditPage } from "../features/audit/AuditPage";
import { BannedBy, ModerationActs } from "../features/audit/ModerationActs";
import { UserAudit, UserHistory } from "../features/audit/UserHistory";
import { BoardPage } from "../features/board/BoardPage";
import { Dashboard } from "../features/dashboard/Dashboard";
import { JoiningPage } from "../features/joining/JoiningPage";
import { RoleEditorPage } from "../features/roles/RoleEditorPage";
import { RolesPage } from "../features/roles/RolesPage";
import { PersonName } from "../features/users/PersonName";
import { UsersPage } from "../features/users/UsersPage";
import { WhoCanPage } from "../features/users/WhoCanPage";
import { match } from "../lib/router";
import { Nowhere } from "./Nowhere";

/** The screens of those who run the site, in a bundle of their own: whoever never opens one does not fetch it. */
export default function Panel({ path }: { path: string }) {
  const audits = useCan("audit.read");
  const seesPresence = useCan("presence.history");
  if (path === "/") return <Dashboard />;
  const member = match("/members/:id?/:tab?", path);
  if (member) {
    return (
      <UsersPage
        id={member["id"] ?? null}
        tab={member["tab"] ?? null}
        log={{
          history: (user) => <UserHistory key={user.id} user={user} audits={audits} seesPresence={seesPresence} />,
          audit: (user) => <UserAudit key={user.id} user={user} />,
          banned: (user) => <BannedBy key={user.id} user={user} />,
          acts: (user) => <ModerationActs key={user.id} user={user} />,
        }}
      />
    );
  }
  if (path === "/board") return <BoardPage />;
  if (path === "/roles") return <RolesPage />;
  const role = match("/roles/:id/:tab?", path);
  if (role) {
    return (
      <RoleEditorPage
        key={role["id"]}
        id={role["id"] ?? ""}
        tab={role["tab"] ?? null}
        person={(id) => <PersonName id={id} />}
      />
    );
  }
  if (path === "/permissions") return <WhoCanPage />;
  const entry = match("/audit/:id?", path);
  if (entry) return <AuditPage id={entry["id"] ?? null} />;
  const joining = match("/joining/:tab?", path);
  if (joining) return <JoiningPage tab={joining["tab"] ?? null} />;
  return <Nowhere />;
}
