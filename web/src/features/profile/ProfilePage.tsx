import { Fragment, type ReactNode } from "react";
import { Slot } from "../../contract/Part";
import type { PageProps } from "../../contract/page";
import { formatNumber, locale, useLanguage, useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { ErrorState, Skeleton } from "../../ui/States";
import { useSession } from "../accounts/session";
import { Avatar } from "../presence/Avatar";
import { useInterest } from "../presence/interest";
import { usePresence } from "../presence/presences";
import { ActivityLine, StatusLine } from "../presence/StatusLine";
import { RoleChip } from "../roles/RoleChip";
import { Banner } from "./Banner";
import { Friends } from "./Friends";
import { History } from "./History";
import { Overview } from "./Overview";
import { NotShared } from "./NotShared";
import { counted, hueOf, maySee, type Profile, shownName, useLiveHistory, useProfile } from "./profile";
import { Titles } from "./Titles";

const tabs = ["overview", "films", "friends", "history"] as const;
type Tab = typeof tabs[number];

export interface PartProps {
  profile: Profile;
  isMine: boolean;
}

/** A member's page, as far as they show it. */
export function ProfilePage({ params }: PageProps) {
  const t = useWords();
  const name = (params["name"] ?? "").toLowerCase();
  const { data: profile, problem, reload } = useProfile(name);
  useLiveHistory(profile);
  const { user } = useSession();
  const tab = tabs.find((each) => each === params["tab"]) ?? "overview";
  if (!profile) {
    return (
      <Page title={t("profile.title")}>
        {problem ? <ErrorState problem={problem} onRetry={reload} /> : <Placeholder />}
      </Page>
    );
  }
  const isMine = profile.user.id === user.id;
  return (
    <Page
      title={shownName(profile)}
      head={(heading, connection) => (
        <Head profile={profile} isMine={isMine} heading={heading} connection={connection} />
      )}
    >
      <nav className="profile-tabs tabs" aria-label={t("profile.tabs")}>
        {tabs.filter((each) => isMine || isOpen(profile, each)).map((each) => (
          <Link
            key={each}
            className="tab"
            href={pathOfTab(profile, each)}
            aria-current={each === tab ? "page" : undefined}
          >
            {t(`profile.tab.${each}`)}
          </Link>
        ))}
      </nav>
      <Body tab={tab} profile={profile} isMine={isMine} />
    </Page>
  );
}

export const pathOfTab = ({ user }: Profile, tab: Tab): string =>
  `/@${encodeURIComponent(user.username)}${tab === "overview" ? "" : `/${tab}`}`;

/** Whether the reader may see a tab. */
const isOpen = (profile: Profile, tab: Tab): boolean =>
  tab === "overview" || maySee(profile, tab === "films" ? "favorites" : tab);

function Body({ tab, profile, isMine }: PartProps & { tab: Tab }) {
  if (!isMine && !isOpen(profile, tab)) return <NotShared profile={profile} />;
  switch (tab) {
    case "overview":
      return <Overview profile={profile} isMine={isMine} />;
    case "films":
      return <Titles profile={profile} isMine={isMine} />;
    case "friends":
      return <Friends profile={profile} isMine={isMine} />;
    case "history":
      return <History profile={profile} isMine={isMine} />;
  }
}

function Placeholder() {
  return (
    <>
      <div className="profile-banner coming" aria-hidden="true" />
      <Skeleton rows={5} />
    </>
  );
}

function Head({ profile, isMine, heading, connection }: PartProps & { heading: ReactNode; connection: ReactNode }) {
  const t = useWords();
  const { user } = profile;
  const presence = usePresence(user.id, user.presence);
  useInterest([user.id]);
  return (
    <header className="profile-head">
      <Banner hue={profile.hue ?? hueOf(user.id)} seed={hueOf(user.id)} />
      <div className="profile-link-state">{connection}</div>
      <div className="profile-who">
        <Avatar user={user} status={presence.status} size="large" />
        <div className="profile-name">
          {heading}
          <p className="profile-line small muted">
            {profile.nickname && <span className="cut">{nameOf(user)}</span>}
            <span>@{user.username}</span>
            <span className="cut">
              <StatusLine presence={presence} />
            </span>
            {presence.activity && (
              <span className="cut">
                <ActivityLine presence={presence} />
              </span>
            )}
          </p>
          {profile.roles.length > 0 && (
            <ul role="list" className="profile-roles" aria-label={t("profile.roles")}>
              {profile.roles.map((role) => (
                <li key={role.id}>
                  <RoleChip role={role} />
                </li>
              ))}
            </ul>
          )}
        </div>
        <div className="profile-acts">
          {isMine
            ? (
              <Link className="btn" href="/settings">
                <Icon name="edit" />
                <span>{t("profile.edit")}</span>
              </Link>
            )
            : (
              <>
                <Slot name="profile.message" user={user} />
                <Slot name="profile.friend" user={user} state={profile.friendState} />
              </>
            )}
        </div>
      </div>
      <Counts profile={profile} />
    </header>
  );
}

function Counts({ profile }: { profile: Profile }) {
  const t = useWords();
  const of = useLanguage();
  const shown = counted.filter((name) => profile.counts[name] !== undefined);
  if (shown.length === 0) return null;
  return (
    <p className="profile-counts small muted">
      {shown.map((name) => {
        const count = profile.counts[name] ?? 0;
        const href = name === "friends" ? pathOfTab(profile, "friends") : `${pathOfTab(profile, "films")}?list=${name}`;
        return (
          <Fragment key={name}>
            <Link className="textlink" href={href}>
              <b className="num">{formatNumber(count, of)}</b> {t(`profile.count.${name}`, { count })}
            </Link>
          </Fragment>
        );
      })}
    </p>
  );
}

/** `March 2023`. */
export function useMonth(at: string | null): string | null {
  const of = useLanguage();
  return at && new Intl.DateTimeFormat(locale(of), { month: "long", year: "numeric" }).format(new Date(at));
}
