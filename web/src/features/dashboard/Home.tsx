import { useMemo } from "react";
import { useWords } from "../../lib/i18n";
import { usePages } from "../../lib/query";
import { nameOf, type Status, type User } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { useCan, useSession } from "../accounts/session";
import { Avatar } from "../presence/Avatar";
import { useInterest } from "../presence/interest";
import { presences, usePresence } from "../presence/presences";
import { ActivityLine, StatusLine } from "../presence/StatusLine";
import { RoleChips } from "../roles/RoleChip";
import { fetchPage, people, usePerson } from "../users/people";

const groups = ["online", "idle", "dnd", "offline"] as const;
const nobody: string[] = [];
const everybody = {};

/** The members' side: who is here, by status, live. */
export function Home() {
  const t = useWords();
  const { user } = useSession();
  const sees = useCan("users.read");
  return (
    <Page title={t("home.title")}>
      <p className="lead muted">{t("home.hello", { name: nameOf(user) })}</p>
      {sees ? <Everybody /> : <Alone />}
    </Page>
  );
}

function Alone() {
  const t = useWords();
  const { user } = useSession();
  return (
    <>
      <ul role="list" className="cards-people">
        <Card id={user.id} fallback={user} />
      </ul>
      <EmptyState icon="members" title={t("home.alone.title")} text={t("home.alone.text")} />
    </>
  );
}

function Everybody() {
  const t = useWords();
  const list = usePages<string>("users:home", (cursor) => fetchPage(everybody, cursor));
  const ids = list.pages?.items ?? nobody;
  useInterest(ids);
  const live = useStore(presences);
  const known = useStore(people);
  const byStatus = useMemo(() => {
    const found: Record<Status, string[]> = { online: [], idle: [], dnd: [], offline: [], invisible: [] };
    for (const id of ids) {
      const status = (live[id] ?? known[id]?.presence)?.status ?? "offline";
      found[status === "invisible" ? "offline" : status].push(id);
    }
    return found;
  }, [ids, live, known]);
  if (list.problem && !list.pages) return <ErrorState problem={list.problem} onRetry={list.reload} />;
  if (!list.pages) return <Skeleton rows={8} />;
  return (
    <div className="stack">
      {groups.filter((status) => byStatus[status].length > 0).map((status) => (
        <section key={status} aria-labelledby={`group-${status}`}>
          <h2 id={`group-${status}`} className="group-title">
            {t(`status.${status}`)} <span className="num">{byStatus[status].length}</span>
          </h2>
          <ul role="list" className="cards-people">{byStatus[status].map((id) => <Card key={id} id={id} />)}</ul>
        </section>
      ))}
      <More list={list} />
    </div>
  );
}

function Card({ id, fallback }: { id: string; fallback?: User }) {
  const known = usePerson(id);
  const user = known ?? fallback;
  return user ? <Filled user={user} /> : null;
}

function Filled({ user }: { user: User }) {
  const presence = usePresence(user.id, user.presence);
  const sees = useCan("users.read");
  return (
    <li className={`person-card ${presence.status}`}>
      <Avatar user={user} status={presence.status} />
      <div className="who-text">
        {sees
          ? <Link href={`/members/${user.id}`} className="row-link name cut">{nameOf(user)}</Link>
          : <span className="name cut">{nameOf(user)}</span>}
        <div className="tiny muted cut">
          <StatusLine presence={presence} />
        </div>
        {presence.activity && (
          <div className="tiny muted cut">
            <ActivityLine presence={presence} />
          </div>
        )}
        {user.roles.length > 0 && <RoleChips ids={user.roles} most={1} />}
      </div>
    </li>
  );
}
