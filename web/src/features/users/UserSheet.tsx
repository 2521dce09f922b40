import { Slot } from "../../contract/Part";
import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { nameOf, type User } from "../../lib/resources";
import { navigate, usePlace } from "../../lib/router";
import { IconButton } from "../../ui/Button";
import { Sheet } from "../../ui/Sheet";
import { useTitle } from "../../ui/title";
import { ErrorState, Skeleton } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { useCan } from "../accounts/session";
import { Avatar } from "../presence/Avatar";
import { useInterest } from "../presence/interest";
import { usePresence } from "../presence/presences";
import { ActivityLine, StatusLine } from "../presence/StatusLine";
import { statusName } from "../presence/StatusMark";
import { fetchUser, usePerson } from "./people";
import { UserBadges } from "./UserBadges";
import { UserInfo } from "./UserInfo";
import { UserMenu } from "./UserMenu";
import { useModerates, UserModeration } from "./UserModeration";
import { UserRoles } from "./UserRoles";

const tabs = ["info", "roles", "history", "moderation", "audit"] as const;
type Tab = (typeof tabs)[number];

interface SheetProps {
  tab: string | null;
  onClose: () => void;
}

/** One member, beside the list: who they are, what they may do and why, what happened. */
export function UserSheet({ id, ...rest }: SheetProps & { id: string }) {
  const t = useWords();
  const { problem, reload, data } = useQuery(`user:${id}`, () => fetchUser(id));
  const user = usePerson(data?.id ?? id);
  const title = user ? nameOf(user) : t("users.sheet");
  useTitle(title);
  return (
    <Sheet label={title}>
      {user ? <Body user={user} {...rest} /> : (
        <>
          <div className="sheet-bar">
            <IconButton icon="close" label={t("common.close")} onClick={rest.onClose} />
          </div>
          {problem ? <ErrorState problem={problem} onRetry={reload} /> : <Skeleton rows={5} shape="card" />}
        </>
      )}
    </Sheet>
  );
}

function Body({ user, tab, onClose }: SheetProps & { user: User }) {
  const t = useWords();
  const { search } = usePlace();
  const presence = usePresence(user.id, user.presence);
  const audits = useCan("audit.read");
  const seesPresence = useCan("presence.history");
  const moderates = useModerates();
  useInterest([user.id]);
  const hidden: Tab[] = [
    ...(audits ? [] : ["audit" as const]),
    ...(audits || seesPresence ? [] : ["history" as const]),
    ...(moderates ? [] : ["moderation" as const]),
  ];
  const shown = tabs.filter((each) => !hidden.includes(each));
  const current: Tab = shown.find((each) => each === tab) ?? "info";
  const go = (next: Tab) =>
    navigate(`/panel/members/${user.id}${next === "info" ? "" : `/${next}`}${search}`, { replace: true });
  return (
    <>
      <div className="sheet-bar">
        <UserMenu user={user} onGone={onClose} />
        <IconButton icon="close" label={t("common.close")} onClick={onClose} />
      </div>
      <div className="sheet-head">
        <Avatar user={user} status={presence.status} size="large" />
        <div className="sheet-who">
          <h2 className="sheet-name">{nameOf(user)}</h2>
          <div className="muted tiny">
            @{user.username} <UserBadges user={user} />
          </div>
        </div>
      </div>
      <div className="sheet-status">
        <span>{statusName(presence.status, t)}</span>
        {(presence.status_message || presence.status_emoji) && (
          <span className="muted">
            <StatusLine presence={presence} />
          </span>
        )}
        {presence.activity && (
          <span className="muted">
            <ActivityLine presence={presence} />
          </span>
        )}
      </div>
      <Tabs
        label={t("users.sheet")}
        tabs={shown.map((each) => ({
          id: each,
          label: t(`users.tab.${each}`),
          ...(each === "roles" ? { count: user.roles.length } : {}),
        }))}
        value={current}
        onChange={go}
      >
        {current === "info" && <UserInfo user={user} />}
        {current === "roles" && <UserRoles user={user} />}
        {current === "history" && <Slot name="member.history" user={user} coming={<Skeleton rows={6} />} />}
        {current === "moderation" && <UserModeration user={user} />}
        {current === "audit" && <Slot name="member.audit" user={user} coming={<Skeleton rows={6} />} />}
      </Tabs>
    </>
  );
}
