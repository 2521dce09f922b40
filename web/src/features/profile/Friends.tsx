import { useWords } from "../../lib/i18n";
import { usePages } from "../../lib/query";
import { nameOf } from "../../lib/resources";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Avatar } from "../presence/Avatar";
import { useInterest } from "../presence/interest";
import { usePresence } from "../presence/presences";
import { StatusLine } from "../presence/StatusLine";
import { fetchFriends, type Friend } from "./profile";
import type { PartProps } from "./ProfilePage";

/** A member's friends with their statuses. */
export function Friends({ profile }: PartProps) {
  const t = useWords();
  const { user } = profile;
  const list = usePages<Friend>(`profile:${user.id}:friends`, (cursor) => fetchFriends(user.id, cursor), {
    about: ["friends"],
    fresh: 0,
  });
  const friends = list.pages?.items ?? [];
  useInterest(friends.map((friend) => friend.user.id));
  if (!list.pages) {
    return list.problem ? <ErrorState problem={list.problem} onRetry={list.reload} /> : <Skeleton rows={6} />;
  }
  if (friends.length === 0) {
    return (
      <EmptyState
        icon="members"
        title={t("profile.friends.none")}
        text={t("profile.friends.none.text", { name: nameOf(user) })}
      />
    );
  }
  return (
    <>
      <ul role="list" className="cards-people">
        {friends.map((friend) => (
          <Card
            key={friend.user.id}
            friend={friend}
            isShared={profile.inCommon.some(({ id }) => id === friend.user.id)}
          />
        ))}
      </ul>
      <More list={list} />
    </>
  );
}

function Card({ friend: { user }, isShared }: { friend: Friend; isShared: boolean }) {
  const t = useWords();
  const presence = usePresence(user.id, user.presence);
  return (
    <li className={`person-card ${presence.status}`}>
      <Avatar user={user} status={presence.status} />
      <div className="who-text">
        <Link className="row-link name cut" href={`/@${encodeURIComponent(user.username)}`}>{nameOf(user)}</Link>
        <div className="tiny muted cut">
          <StatusLine presence={presence} />
        </div>
        {isShared && <div className="tiny muted cut">{t("profile.common")}</div>}
      </div>
    </li>
  );
}
