import { useWords } from "../../lib/i18n";
import { covers } from "../../lib/permissions";
import { forbidden } from "../../lib/problem";
import type { Role } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Menu, type MenuItem } from "../../ui/Menu";
import { Page } from "../../ui/Page";
import { moveBetweenRows } from "../../ui/rows";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { navigate } from "../../lib/router";
import { useCan } from "../accounts/session";
import { deleteRole } from "./edits";
import { usePermissions } from "./registry";
import { Description, RoleDot } from "./RoleChip";
import { loadRoles, roles, useRoles } from "./roles";

export function RolesPage() {
  const t = useWords();
  const list = useRoles();
  const { loaded, problem } = useStore(roles);
  const manages = useCan("roles.manage");
  const reads = useCan("roles.read");
  return (
    <Page
      title={t("nav.roles")}
      after={loaded && !problem
        ? <span className="count num">{t("roles.count", { count: list.length })}</span>
        : undefined}
      actions={manages && (
        <Link href="/roles/new" className="btn btn-primary">
          <Icon name="plus" />
          <span>{t("roles.create")}</span>
        </Link>
      )}
    >
      <p className="lead muted">{t("roles.lead")}</p>
      {!reads
        ? <ErrorState problem={forbidden(t("problem.needs", { key: "roles.read" }))} />
        : problem && list.length === 0
        ? <ErrorState problem={problem} onRetry={() => void loadRoles()} />
        : !loaded && list.length === 0
        ? <Skeleton rows={6} />
        : list.length === 0
        ? <EmptyState icon="roles" title={t("roles.empty.title")} text={t("roles.empty.text")} />
        : <RoleTable list={list} manages={manages} />}
    </Page>
  );
}

function RoleTable({ list, manages }: { list: readonly Role[]; manages: boolean }) {
  const t = useWords();
  return (
    <table className="table roles" role="table">
      <caption className="hidden">{t("nav.roles")}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">{t("roles.column.role")}</th>
          <th role="columnheader" scope="col" className="col-num">{t("roles.column.members")}</th>
          <th role="columnheader" scope="col" className="col-perms">{t("roles.column.permissions")}</th>
          <th role="columnheader" scope="col" className="col-num col-priority">{t("role.priority")}</th>
          <th role="columnheader" scope="col" className="col-menu">
            <span className="hidden">{t("common.actions")}</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup" onKeyDown={moveBetweenRows}>
        {list.map((role) => <Row key={role.id} role={role} manages={manages} />)}
      </tbody>
    </table>
  );
}

function Row({ role, manages }: { role: Role; manages: boolean }) {
  const t = useWords();
  const items: (MenuItem | false)[] = [
    { label: t("roles.open"), icon: manages ? "edit" : "eye", onSelect: () => navigate(`/roles/${role.id}`) },
    { label: t("roles.seeMembers"), icon: "members", onSelect: () => navigate(`/members?role=${role.id}`) },
    manages && { label: t("role.history"), icon: "history", onSelect: () => navigate(`/roles/${role.id}/history`) },
    manages && !role.is_system &&
    { label: t("common.delete"), icon: "trash", danger: true, onSelect: () => void deleteRole(role) },
  ];
  return (
    <tr role="row">
      <td role="cell">
        <div className="who">
          <RoleDot role={role} />
          <div className="who-text">
            <div className="who-name">
              <Link href={`/roles/${role.id}`} className="row-link name cut">{role.name}</Link>
              {role.is_system && <span className="badge">{t("roles.system")}</span>}
            </div>
            <Description role={role} />
          </div>
        </div>
      </td>
      <td role="cell" className="col-num num">
        <span className="cell-icon">
          <Icon name="members" size={14} />
        </span>
        {role.member_count ?? "–"}
        <span className="hidden">{t("roles.column.members")}</span>
      </td>
      <td role="cell" className="col-perms">
        <Summary role={role} />
      </td>
      <td role="cell" className="col-num col-priority num muted">{role.priority}</td>
      <td role="cell" className="col-menu">
        <Menu
          label={t("roles.actionsFor", { role: role.name })}
          items={items.filter((item): item is MenuItem => item !== false)}
        />
      </td>
    </tr>
  );
}

/** How much of the registry a role covers: a bar for the eye, a sentence for all. */
function Summary({ role }: { role: Role }) {
  const t = useWords();
  const registry = usePermissions();
  const allowed =
    registry.filter((each) => covers(role.permissions, each.key) && !covers(role.denied, each.key)).length;
  const share = registry.length > 0 ? allowed / registry.length : 0;
  const text = role.name === "owner" || covers(role.permissions, "*")
    ? t("roles.everything")
    : t("roles.allows", { count: registry.length > 0 ? allowed : role.permissions.length });
  return (
    <div className="summary">
      <svg className="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="6" className="meter-back" />
        <rect width={role.name === "owner" ? 100 : share * 100} height="6" className="meter-fill" />
      </svg>
      <span className="tiny muted num">
        {text}
        {role.denied.length > 0 && `, ${t("roles.denies", { count: role.denied.length })}`}
      </span>
    </div>
  );
}
