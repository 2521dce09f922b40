import { memo, useEffect } from "react";
import { useWords } from "../../lib/i18n";
import { usePages } from "../../lib/query";
import { nameOf } from "../../lib/resources";
import { usePlace } from "../../lib/router";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { moveBetweenRows } from "../../ui/rows";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { Avatar } from "../presence/Avatar";
import { useInterest } from "../presence/interest";
import { usePresence } from "../presence/presences";
import { ActivityLine, StatusLine } from "../presence/StatusLine";
import { RoleChips } from "../roles/RoleChip";
import { fetchPage, type Filters, usePerson } from "./people";
import { UserBadges } from "./UserBadges";
import { UserMenu } from "./UserMenu";

interface ListProps {
  filters: Filters;
  selected: string | null;
  onTotal: (total: number | undefined) => void;
}

const nobody: string[] = [];

export function UserList({ filters, selected, onTotal }: ListProps) {
  const t = useWords();
  const key = `users:${JSON.stringify(filters)}`;
  const list = usePages<string>(key, (cursor) => fetchPage(filters, cursor));
  const ids = list.pages?.items ?? nobody;
  useInterest(ids);
  useEffect(() => onTotal(list.pages?.total), [list.pages?.total]);
  if (list.problem && !list.pages) return <ErrorState problem={list.problem} onRetry={list.reload} />;
  if (!list.pages) return <Skeleton rows={9} />;
  if (ids.length === 0) return <Nobody filtered={Object.keys(filters).length > 0} />;
  return (
    <>
      <table className="table users" role="table" aria-busy={list.loading}>
        <caption className="hidden">{t("nav.members")}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">{t("users.column.member")}</th>
            <th role="columnheader" scope="col" className="col-roles">{t("users.column.roles")}</th>
            <th role="columnheader" scope="col" className="col-summary">{t("roles.column.permissions")}</th>
            <th role="columnheader" scope="col" className="col-activity">{t("users.column.activity")}</th>
            <th role="columnheader" scope="col" className="col-seen">{t("users.column.seen")}</th>
            <th role="columnheader" scope="col" className="col-menu">
              <span className="hidden">{t("common.actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup" onKeyDown={moveBetweenRows}>
          {ids.map((id) => <Row key={id} id={id} selected={id === selected} />)}
        </tbody>
      </table>
      <More list={list} />
    </>
  );
}

const Row = memo(function Row({ id, selected }: { id: string; selected: boolean }) {
  const user = usePerson(id);
  return user ? <RowOf user={user} selected={selected} /> : null;
});

function RowOf({ user, selected }: { user: NonNullable<ReturnType<typeof usePerson>>; selected: boolean }) {
  const { search } = usePlace();
  const presence = usePresence(user.id, user.presence);
  return (
    <tr role="row" className={selected ? "selected" : ""}>
      <td role="cell">
        <div className="who">
          <Avatar user={user} status={presence.status} />
          <div className="who-text">
            <div className="who-name">
              <Link
                href={`/members/${user.id}${search}`}
                className="row-link name cut"
                aria-current={selected ? "true" : undefined}
              >
                {nameOf(user)}
              </Link>
              <span className="tiny muted cut handle">@{user.username}</span>
              <UserBadges user={user} />
            </div>
            <div className="tiny muted cut">
              <StatusLine presence={presence} />
            </div>
          </div>
        </div>
      </td>
      <td role="cell" className="col-roles">
        <RoleChips ids={user.roles} most={2} />
      </td>
      <td role="cell" className="col-summary small muted">
        <Summary keys={user.summary} />
      </td>
      <td role="cell" className="col-activity small">
        <ActivityLine presence={presence} />
      </td>
      <td role="cell" className="col-seen small muted num">
        {presence.status === "offline" || presence.status === "invisible"
          ? <Time at={presence.last_seen_at} />
          : <Now />}
      </td>
      <td role="cell" className="col-menu">
        <UserMenu user={user} />
      </td>
    </tr>
  );
}

/** The first words of what somebody may do; the rest on hover, and in full on their sheet. */
function Summary({ keys }: { keys: readonly string[] | null }) {
  const t = useWords();
  if (!keys || keys.length === 0) return <span>–</span>;
  if (keys.includes("*")) return <span>{t("roles.everything")}</span>;
  const rest = keys.length - 1;
  return (
    <span className="summary-line" title={keys.join(", ")}>
      <code className="cut">{keys[0]}</code>
      {rest > 0 && <span className="num">+{rest}</span>}
    </span>
  );
}

function Now() {
  const t = useWords();
  return <span>{t("users.now")}</span>;
}

function Nobody({ filtered }: { filtered: boolean }) {
  const t = useWords();
  return filtered
    ? <EmptyState icon="search" title={t("users.none.title")} text={t("users.none.text")} />
    : <EmptyState icon="members" title={t("users.empty.title")} text={t("users.empty.text")} />;
}
