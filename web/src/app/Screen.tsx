import { useCan } from "../features/accounts/session";
import { AuditPage } from "../features/audit/AuditPage";
import { UserHistory } from "../features/audit/UserHistory";
import { Dashboard } from "../features/dashboard/Dashboard";
import { Home } from "../features/dashboard/Home";
import { JoiningPage } from "../features/joining/JoiningPage";
import { RoleEditorPage } from "../features/roles/RoleEditorPage";
import { RolesPage } from "../features/roles/RolesPage";
import { SettingsPage } from "../features/settings/SettingsPage";
import { PersonName } from "../features/users/PersonName";
import { UsersPage } from "../features/users/UsersPage";
import { WhoCanPage } from "../features/users/WhoCanPage";
import { useWords } from "../lib/i18n";
import { match, usePlace } from "../lib/router";
import { Link } from "../ui/Link";
import { Page } from "../ui/Page";
import { EmptyState } from "../ui/States";

/** What the address shows: the whole table of screens. */
export function Screen() {
  const { path } = usePlace();
  const steers = useCan("presence.read");
  const audits = useCan("audit.read");
  const seesPresence = useCan("presence.history");
  if (["/", "/setup", "/join", "/forgot"].includes(path)) return steers || audits ? <Dashboard /> : <Home />;
  if (path === "/home") return <Home />;
  const member = match("/members/:id?/:tab?", path);
  if (member) {
    return (
      <UsersPage
        id={member["id"] ?? null}
        tab={member["tab"] ?? null}
        history={(user) => <UserHistory key={user.id} user={user} seesPresence={seesPresence} />}
      />
    );
  }
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
  const settings = match("/settings/:tab?", path);
  if (settings) return <SettingsPage tab={settings["tab"] ?? null} />;
  return <Nowhere />;
}

function Nowhere() {
  const t = useWords();
  return (
    <Page title={t("nowhere.title")}>
      <EmptyState icon="search" title={t("nowhere.title")} text={t("nowhere.text")}>
        <Link href="/" className="btn btn-primary">{t("nowhere.back")}</Link>
      </EmptyState>
    </Page>
  );
}
