import { useWords } from "../../lib/i18n";
import { nameOf, type User } from "../../lib/resources";
import { Link } from "../../ui/Link";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Avatar } from "../presence/Avatar";
import { useInterest } from "../presence/interest";
import { usePresence } from "../presence/presences";
import { ActivityLine, StatusLine } from "../presence/StatusLine";
import { RoleChips } from "../roles/RoleChip";
import { usePerson } from "../users/people";
import { useRecentPeople } from "./counts";

const nobody: string[] = [];

/** The last people seen, with what they do. */
export function Here() {
  const t = useWords();
  return (
    <section className="card" aria-labelledby="here-title">
      <div className="card-head">
        <h2 id="here-title">{t("dashboard.recent")}</h2>
        <Link href="/panel/members" className="link tiny">{t("dashboard.all")}</Link>
      </div>
      <People />
    </section>
  );
}

function People() {
  const t = useWords();
  const { pages, problem, reload } = useRecentPeople(true);
  const ids = pages?.items ?? nobody;
  useInterest(ids);
  if (problem && !pages) return <ErrorState problem={problem} onRetry={reload} />;
  if (!pages) return <Skeleton rows={6} />;
  if (ids.length === 0) {
    return <EmptyState icon="members" title={t("users.empty.title")} text={t("users.empty.text")} />;
  }
  return <ul role="list" className="people">{ids.map((id) => <Person key={id} id={id} />)}</ul>;
}

function Person({ id }: { id: string }) {
  const user = usePerson(id);
  return user ? <Known user={user} /> : null;
}

function Known({ user }: { user: User }) {
  const presence = usePresence(user.id, user.presence);
  return (
    <li className="person">
      <Avatar user={user} status={presence.status} />
      <div className="who-text">
        <Link href={`/panel/members/${user.id}`} className="row-link name cut">{nameOf(user)}</Link>
        <div className="tiny muted cut">
          <StatusLine presence={presence} />
        </div>
      </div>
      <div className="person-roles">
        <RoleChips ids={user.roles} most={1} />
      </div>
      <div className="person-activity tiny muted">
        <ActivityLine presence={presence} />
      </div>
    </li>
  );
}
