import { useState } from "react";
import { Slot } from "../../contract/Part";
import { newKey } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { modulesOn } from "../../lib/modules";
import { asProblem } from "../../lib/problem";
import { nameOf, type User } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { say, sayProblem } from "../../ui/Toasts";
import { accept, ask, dismiss, removeFriend, setBlocked, useBlocks, useFriends, useRequests } from "./friends";
import { canWrite, writeTo } from "./writing";

/** Starts a conversation with the person whose profile is open. */
export function WriteButton({ user }: { user: User }) {
  const t = useWords();
  if (!canWrite()) return null;
  return (
    <Button
      look="primary"
      icon="message"
      aria-label={t("friends.message", { name: nameOf(user) })}
      onClick={() => void writeTo(user.id)}
    >
      {t("friends.write")}
    </Button>
  );
}

/** The relation to the person, from the loaded lists. */
export function FriendButton({ user }: { user: User }) {
  const t = useWords();
  const [friends, incoming, outgoing, blocks] = [useFriends(), useRequests("in"), useRequests("out"), useBlocks()];
  const [reports, setReports] = useState(false);
  const modules = useStore(modulesOn);
  const moderates = modules?.includes("moderation") ?? false;
  const name = nameOf(user);
  const isFriend = friends.data?.some((each) => each.user.id === user.id) ?? false;
  const isBlocked = blocks.data?.some((each) => each.user.id === user.id) ?? false;
  const theirs = incoming.data?.find(({ from }) => from.id === user.id);
  const mine = outgoing.data?.find(({ to }) => to.id === user.id);
  const send = async (key: string) => {
    try {
      const { state } = await ask(user.id, "", key);
      say(state === "accepted" ? "friends.add.accepted" : "friends.add.sent", { name });
    } catch (error) {
      sayProblem(asProblem(error), () => void send(key));
    }
  };
  // No action is offered before the relation is known.
  if (!friends.data || !incoming.data || !outgoing.data || !blocks.data) return null;
  return (
    <>
      {isBlocked
        ? <Button icon="ban" onClick={() => void setBlocked(user, false)}>{t("friends.unblock")}</Button>
        : isFriend
        ? null
        : theirs
        ? (
          <>
            <Button icon="check" onClick={() => void accept(theirs)}>{t("friends.accept")}</Button>
            <Button look="quiet" onClick={() => dismiss(theirs, "refuse")}>{t("friends.decline")}</Button>
          </>
        )
        : mine
        ? <Button icon="close" onClick={() => dismiss(mine, "cancel")}>{t("friends.cancel")}</Button>
        : <Button icon="addFriend" onClick={() => void send(newKey())}>{t("friends.tab.add")}</Button>}
      {!isBlocked && (
        <Menu
          label={t("friends.more", { name })}
          items={[
            ...(isFriend
              ? [{ label: t("friends.remove"), icon: "minus" as const, onSelect: () => removeFriend(user) }]
              : []),
            ...(moderates
              ? [{ label: t("friends.report"), icon: "warning" as const, onSelect: () => setReports(true) }]
              : []),
            { label: t("friends.block"), icon: "ban", danger: true, onSelect: () => void setBlocked(user, true) },
          ]}
        />
      )}
      {reports && <Slot name="report" target="user" id={user.id} called={name} onClose={() => setReports(false)} />}
    </>
  );
}
