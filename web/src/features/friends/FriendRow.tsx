import { Slot } from "../../contract/Part";
import { useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { Button, IconButton } from "../../ui/Button";
import { Menu, type MenuItem } from "../../ui/Menu";
import { Time } from "../../ui/Time";
import { useCan } from "../accounts/session";
import { Avatar } from "../presence/Avatar";
import { usePresence } from "../presence/presences";
import { ActivityLine, StatusLine } from "../presence/StatusLine";
import { type Friend, removeFriend, setBlocked } from "./friends";
import { canWrite, writeTo } from "./writing";

/** A friend with live status and actions. */
export function FriendRow({ friend: { user } }: { friend: Friend }) {
  const t = useWords();
  const presence = usePresence(user.id, user.presence);
  const sees = useCan("users.read");
  const name = nameOf(user);
  const items: MenuItem[] = [
    ...(sees
      ? [{
        label: t("friends.profile"),
        icon: "user" as const,
        onSelect: () => navigate(`/panel/members/${user.id}`),
      }]
      : []),
    { label: t("friends.remove"), icon: "minus", onSelect: () => removeFriend(user) },
    { label: t("friends.block"), icon: "ban", danger: true, onSelect: () => void setBlocked(user, true) },
  ];
  return (
    <li className="friend-row">
      <Avatar user={user} status={presence.status} />
      <div className="grow">
        <div className="name cut">
          {name} <span className="handle muted tiny">@{user.username}</span>
        </div>
        <div className="tiny muted cut">
          {presence.activity ? <ActivityLine presence={presence} /> : <StatusLine presence={presence} />}
        </div>
      </div>
      <Slot name="call.start" user={user.id} called={name} />
      {canWrite() && (
        <IconButton
          icon="message"
          label={t("friends.message", { name })}
          onClick={() => void writeTo(user.id)}
        />
      )}
      <Menu label={t("friends.more", { name })} items={items} />
    </li>
  );
}

export function BlockedRow({ block: { user, since } }: { block: Friend }) {
  const t = useWords();
  return (
    <li className="friend-row">
      <Avatar user={user} />
      <div className="grow">
        <div className="name cut">{nameOf(user)}</div>
        <div className="tiny muted cut">
          {t("friends.blockedSince")} <Time at={since} />
        </div>
      </div>
      <Button
        onClick={() => void setBlocked(user, false)}
        aria-label={t("friends.of", { name: nameOf(user), act: t("friends.unblock") })}
      >
        {t("friends.unblock")}
      </Button>
    </li>
  );
}
