import { useWords } from "../../lib/i18n";
import { Link } from "../../ui/Link";
import { RoleDot } from "../roles/RoleChip";
import { useRoles } from "../roles/roles";
import { roleTitle } from "../../lib/roleTitle";

const most = 6;

/** How many hold each role, the largest first; everybody's role is left out, since it says nothing. */
export function ByRole() {
  const t = useWords();
  const roles = useRoles()
    .filter((role) => !["member", "guest"].includes(role.name) && (role.member_count ?? 0) > 0)
    .sort((a, b) => (b.member_count ?? 0) - (a.member_count ?? 0))
    .slice(0, most);
  const largest = roles[0]?.member_count ?? 1;
  if (roles.length === 0) return null;
  return (
    <section className="card" aria-labelledby="by-role-title">
      <h2 id="by-role-title">{t("dashboard.byRole")}</h2>
      <ul role="list" className="by-role">
        {roles.map((role) => (
          <li key={role.id}>
            <RoleDot role={role} />
            <Link href={`/panel/members?role=${role.id}`} className="textlink cut">{roleTitle(role.name, t)}</Link>
            <svg className="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect width="100" height="6" className="meter-back" />
              <rect width={((role.member_count ?? 0) / largest) * 100} height="6" className="meter-fill" />
            </svg>
            <b className="num">{t("figure", { value: role.member_count ?? 0 })}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}
