import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { fold } from "../../lib/fold";
import { nameOf } from "../../lib/resources";
import { navigate, useQueryState } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { SearchBox } from "../../ui/SearchBox";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { presenceOf } from "../presence/cards";
import { useInterest } from "../presence/interest";
import { tally } from "../presence/presences";
import { AddFriend } from "./AddFriend";
import { FriendRow } from "./FriendRow";
import { type Friend, useBlocks, useFriends } from "./friends";
import { BlockedRow } from "./FriendRow";
import { Suggestions } from "./Suggestions";
import { Requests } from "./Requests";
import { useWaiting } from "./waiting";

const tabs = ["friends", "pending", "blocked", "add"] as const;
type Tab = (typeof tabs)[number];

export function FriendsPage() {
  const t = useWords();
  const [query] = useQueryState();
  const tab: Tab = tabs.find((each) => each === query["tab"]) ?? "friends";
  const pending = useWaiting();
  const friends = useFriends().data?.length;
  const go = (next: Tab) => navigate(`/direct?tab=${next}`, { replace: true });
  const counts: Partial<Record<Tab, number>> = {
    ...(friends ? { friends } : {}),
    ...(pending > 0 ? { pending } : {}),
  };
  return (
    <Page
      title={t("friends.title")}
      before={
        <Link href="/direct" className="icon-btn narrow-only" aria-label={t("nav.messages")}>
          <Icon name="left" size={20} />
        </Link>
      }
      actions={tab !== "add" && (
        <Button look="primary" icon="addFriend" onClick={() => go("add")}>{t("friends.tab.add")}</Button>
      )}
    >
      <Tabs
        label={t("friends.tabs")}
        tabs={tabs.filter((id) => id !== "add" || tab === id).map((id) => ({
          id,
          label: t(`friends.tab.${id}`),
          ...(counts[id] === undefined ? {} : { count: counts[id] as number }),
        }))}
        value={tab}
        onChange={go}
      >
        {tab === "friends" && <FriendList onAdd={() => go("add")} />}
        {tab === "pending" && <Requests />}
        {tab === "blocked" && <Blocked />}
        {tab === "add" && (
          <>
            <AddFriend />
            <Suggestions />
          </>
        )}
      </Tabs>
    </Page>
  );
}

function FriendList({ onAdd }: { onAdd: () => void }) {
  const t = useWords();
  const { data, problem, reload } = useFriends();
  const [text, setText] = useState("");
  // Friends move between the lists as they come online and go offline.
  useStore(tally);
  useInterest((data ?? []).slice(0, 200).map(({ user }) => user.id));
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={8} />;
  if (data.length === 0) {
    return (
      <EmptyState icon="friends" title={t("friends.none.title")} text={t("friends.none.text")}>
        <Button icon="addFriend" look="primary" onClick={onAdd}>{t("friends.tab.add")}</Button>
      </EmptyState>
    );
  }
  const wanted = fold(text.trim());
  const found = data
    .filter(({ user }) => fold(`${nameOf(user)} ${user.username}`).includes(wanted))
    .sort((one, other) => nameOf(one.user).localeCompare(nameOf(other.user)));
  const isOff = ({ user }: Friend) => presenceOf(user).status === "offline";
  return (
    <>
      <SearchBox label={t("friends.find")} value={text} onChange={setText} />
      {found.length === 0 && (
        <EmptyState icon="search" title={t("friends.noneFound.title")} text={t("friends.noneFound.text")} />
      )}
      <Group title={t("friends.online")} friends={found.filter((friend) => !isOff(friend))} />
      <Group title={t("friends.offline")} friends={found.filter(isOff)} />
      {wanted === "" && <Suggestions />}
    </>
  );
}

function Group({ title, friends }: { title: string; friends: readonly Friend[] }) {
  const t = useWords();
  if (friends.length === 0) return null;
  return (
    <section className="friends-group">
      <h2 className="group-title">
        {title} <span className="num">{t("figure", { value: friends.length })}</span>
      </h2>
      <ul role="list" className="friends-list" aria-label={title}>
        {friends.map((friend) => <FriendRow key={friend.user.id} friend={friend} />)}
      </ul>
    </section>
  );
}

function Blocked() {
  const t = useWords();
  const { data, problem, reload } = useBlocks();
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={3} />;
  if (data.length === 0) {
    return <EmptyState icon="ban" title={t("friends.blocked.none.title")} text={t("friends.blocked.none.text")} />;
  }
  return (
    <ul role="list" className="friends-list" aria-label={t("friends.tab.blocked")}>
      {data.map((each) => <BlockedRow key={each.user.id} block={each} />)}
    </ul>
  );
}
