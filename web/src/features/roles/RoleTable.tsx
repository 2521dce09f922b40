import { useId } from "react";
import { useWords } from "../../lib/i18n";
import type { Role } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Menu, type MenuItem } from "../../ui/Menu";
import { moveBetweenRows } from "../../ui/rows";
import { useSession } from "../accounts/session";
import { deleteRole } from "./edits";
import { PermissionWords } from "./PermissionWords";
import { isMovable, pending } from "./reorder";
import { Description, RoleDot } from "./RoleChip";
import { roles } from "./roles";
import { type Moving, useMoving } from "./useMoving";
import { roleTitle } from "../../lib/roleTitle";

/** The person's own highest priority; the server decides again. */
function useRank(): number {
  const { user } = useSession();
  const byId = useStore(roles, (all) => all.byId);
  return Math.max(-1, ...user.roles.map((id) => byId[id]?.priority ?? -1));
}

/** The roles from the highest to the lowest; those within one's own rank can be moved. */
export function RoleTable({ list, manages }: { list: readonly Role[]; manages: boolean }) {
  const t = useWords();
  const hint = useId();
  const rank = useRank();
  const wanted = useStore(pending);
  const settled = wanted
    ? wanted.flatMap((id) => list.find((role) => role.id === id) ?? []).concat(
      list.filter((role) => !wanted.includes(role.id)),
    )
    : list;
  const moving = useMoving(settled, rank);
  const { news } = moving;
  return (
    <>
      <table className="table roles" role="table">
        <caption className="hidden">{t("nav.roles")}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {manages && (
              <th role="columnheader" scope="col" className="col-grip">
                <span className="hidden">{t("roles.column.order")}</span>
              </th>
            )}
            <th role="columnheader" scope="col" className="col-rank">{t("role.priority")}</th>
            <th role="columnheader" scope="col">{t("roles.column.role")}</th>
            <th role="columnheader" scope="col" className="col-num">{t("roles.column.members")}</th>
            <th role="columnheader" scope="col" className="col-perms">{t("roles.column.permissions")}</th>
            <th role="columnheader" scope="col" className="col-menu">
              <span className="hidden">{t("common.actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup" onKeyDown={moveBetweenRows}>
          {moving.shown.map((role, index) => (
            <Row
              key={role.id}
              role={role}
              manages={manages}
              movable={manages && isMovable(role, rank)}
              first={index === 0 || (moving.shown[index - 1]?.priority ?? 0) >= rank}
              last={moving.shown[index + 1]?.name === "guest" || index === moving.shown.length - 1}
              moving={moving}
              hint={hint}
            />
          ))}
        </tbody>
      </table>
      <p id={hint} className="hidden">{t("roles.moveHint")}</p>
      <p role="status" className="hidden">
        {news &&
          t(`roles.news.${news.say}`, { role: roleTitle(news.role.name, t), at: news.at, of: moving.shown.length })}
      </p>
    </>
  );
}

interface RowProps {
  role: Role;
  manages: boolean;
  movable: boolean;
  /** Nothing that it could pass stands above, or below. */
  first: boolean;
  last: boolean;
  moving: Moving;
  hint: string;
}

function Row({ role, manages, movable, first, last, moving, hint }: RowProps) {
  const t = useWords();
  const held = moving.held === role.id;
  const items: (MenuItem | false)[] = [
    { label: t("roles.open"), icon: manages ? "edit" : "eye", onSelect: () => navigate(`/panel/roles/${role.id}`) },
    { label: t("roles.seeMembers"), icon: "members", onSelect: () => navigate(`/panel/members?role=${role.id}`) },
    { label: t("role.history"), icon: "history", onSelect: () => navigate(`/panel/roles/${role.id}/history`) },
    movable && !first && { label: t("roles.moveUp"), icon: "up", onSelect: () => moving.step(role, -1) },
    movable && !last && { label: t("roles.moveDown"), icon: "down", onSelect: () => moving.step(role, 1) },
    movable && { label: t("common.delete"), icon: "trash", danger: true, onSelect: () => void deleteRole(role) },
  ];
  return (
    <tr role="row" data-role={role.id} className={held ? "held" : ""}>
      {manages && (
        <td role="cell" className="col-grip">
          {movable && (
            <button
              type="button"
              className="grip"
              aria-label={t("roles.move", { role: roleTitle(role.name, t) })}
              aria-describedby={hint}
              aria-pressed={held}
              title={t("roles.move", { role: roleTitle(role.name, t) })}
              {...moving.handle(role)}
            >
              <Icon name="grip" />
            </button>
          )}
        </td>
      )}
      <td role="cell" className="col-rank num muted">{role.priority}</td>
      <td role="cell" className="col-role">
        <div className="who">
          <RoleDot role={role} />
          <div className="who-text">
            <div className="who-name">
              <Link href={`/panel/roles/${role.id}`} className="row-link name cut">{roleTitle(role.name, t)}</Link>
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
        {role.member_count === null ? "–" : t("roles.members", { count: role.member_count })}
      </td>
      <td role="cell" className="col-perms">
        <PermissionWords role={role} />
      </td>
      <td role="cell" className="col-menu">
        <Menu
          label={t("roles.actionsFor", { role: roleTitle(role.name, t) })}
          items={items.filter((item): item is MenuItem => item !== false)}
        />
      </td>
    </tr>
  );
}
