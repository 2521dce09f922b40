import { get, type Page } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { usePages } from "../../lib/query";
import { nameOf, readUser, type Role, type User } from "../../lib/resources";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";

async function fetchMembers(role: string, cursor: string | null): Promise<Page<User>> {
  const page = await get<Page<unknown>>("/users", {
    private: false,
    role,
    limit: 50,
    cursor,
    count: cursor === null ? true : null,
  });
  return { ...page, items: page.items.map(readUser) };
}

/** Who has the role. */
export function RoleMembers({ role }: { role: Role }) {
  const t = useWords();
  const list = usePages<User>(`role:${role.id}:members`, (cursor) => fetchMembers(role.id, cursor), {
    about: ["users", "rights"],
  });
  if (list.problem && !list.pages) return <ErrorState problem={list.problem} onRetry={list.reload} />;
  if (!list.pages) return <Skeleton rows={6} />;
  if (list.pages.items.length === 0) {
    return <EmptyState icon="members" title={t("roles.noMembers.title")} text={t("roles.noMembers.text")} />;
  }
  return (
    <div className="stack">
      <p className="muted num">
        {t("users.count", { count: list.pages.total ?? list.pages.items.length })} ·{" "}
        <Link href={`/panel/members?role=${role.id}`} className="textlink">{t("roles.seeMembers")}</Link>
      </p>
      <ul role="list" className="rows" aria-label={t("roles.column.members")}>
        {list.pages.items.map((user) => (
          <li key={user.id} className="row">
            <div className="row-main">
              <Link href={`/panel/members/${user.id}/roles`} className="row-title textlink">{nameOf(user)}</Link>
              <div className="tiny muted">@{user.username}</div>
            </div>
          </li>
        ))}
      </ul>
      <More list={list} />
    </div>
  );
}
