import { useEffect, useMemo } from "react";
import { Slot } from "../../contract/Part";
import { useWords } from "../../lib/i18n";
import { gateway } from "../../lib/live";
import { invalidate, usePages } from "../../lib/query";
import { nameOf, type User } from "../../lib/resources";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { useCan, useSession } from "../accounts/session";
import { Avatar } from "../presence/Avatar";
import { useInterest } from "../presence/interest";
import { usePresence } from "../presence/presences";
import { ActivityLine, StatusLine } from "../presence/StatusLine";
import { RoleChips } from "../roles/RoleChip";
import { fetchPage, usePerson } from "../users/people";

const nobody: string[] = [];

/** The side panel: members by live status. */
export function Home() {
  const t = useWords();
  const { user } = useSession();
  const sees = useCan("users.read");
  return (
    <Page title={t("home.title")} actions={<Slot name="head.narrow" />}>
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

/** As many as fill a screen: what is read later is added out of sight. */
const perGroup = 48;
/** Milliseconds between two reads of the groups. */
const pause = 4_000;

/** The members by status. The server counts each group, including members that are not loaded. */
function Everybody() {
  const t = useWords();
  const online = useGroup("online");
  const idle = useGroup("idle");
  const dnd = useGroup("dnd");
  const offline = useGroup("offline");
  const groups = [online, idle, dnd, offline];
  useInterest(
    useMemo(() => groups.flatMap(({ list }) => list.pages?.items ?? nobody), groups.map((each) => each.list.pages)),
  );
  useEffect(() => {
    // A status change moves a member to another group: the lists are read again, at most every few seconds.
    let timer = 0;
    let readAt = 0;
    // The signed-in member is online once the connection is open.
    const leave = gateway.on(["presence.update", "ready", "resumed"], () => {
      if (timer !== 0) return;
      timer = window.setTimeout(() => {
        timer = 0;
        readAt = Date.now();
        invalidate("home");
      }, Math.max(300, pause - (Date.now() - readAt)));
    });
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, []);
  const failed = groups.find(({ list }) => list.problem && !list.pages);
  if (failed?.list.problem) return <ErrorState problem={failed.list.problem} onRetry={failed.list.reload} />;
  if (groups.some(({ list }) => !list.pages)) return <Skeleton rows={8} />;
  return (
    <div className="stack">
      {groups.filter(({ list }) => (list.pages?.items.length ?? 0) > 0).map(({ status, list }) => (
        <section key={status} aria-labelledby={`group-${status}`}>
          <h2 id={`group-${status}`} className="group-title">
            {t(`status.${status}`)} <span className="num">{t("figure", { value: list.pages?.total ?? 0 })}</span>
          </h2>
          <ul role="list" className="cards-people">
            {list.pages?.items.map((id) => <Card key={id} id={id} />)}
          </ul>
          <More list={list} />
        </section>
      ))}
    </div>
  );
}

function useGroup(status: "online" | "idle" | "dnd" | "offline") {
  const list = usePages<string>(`home:${status}`, (cursor) => fetchPage({ status }, cursor, perGroup), {
    about: ["users", "home"],
  });
  return { status, list };
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
          ? <Link href={`/panel/members/${user.id}`} className="row-link name cut">{nameOf(user)}</Link>
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
