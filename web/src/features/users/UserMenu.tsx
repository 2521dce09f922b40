import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { nameOf, type User } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { Menu, type MenuItem } from "../../ui/Menu";
import { say } from "../../ui/Toasts";
import { useCan, useSession } from "../accounts/session";
import { remove, setDisabled, unban } from "./actions";
import { BanUser } from "./BanUser";

/** The quick actions on one member: those that the person may do. */
export function UserMenu({ user, onGone }: { user: User; onGone?: () => void }) {
  const t = useWords();
  const session = useSession();
  const me = session.user.id === user.id;
  const assigns = useCan("roles.assign");
  const disables = useCan("users.disable");
  const bans = useCan("moderation.ban");
  const deletes = useCan("users.delete");
  const [banning, setBanning] = useState(false);
  const items: (MenuItem | false)[] = [
    assigns && { label: t("users.action.roles"), icon: "roles", onSelect: () => navigate(`/members/${user.id}/roles`) },
    { label: t("users.action.copyId"), icon: "copy", onSelect: () => void copy(user.id) },
    disables && !me && {
      label: user.is_disabled ? t("users.action.enable") : t("users.action.disable"),
      icon: user.is_disabled ? "check" : "lock",
      onSelect: () => void setDisabled(user, !user.is_disabled),
    },
    bans && !me &&
    (user.is_banned
      ? { label: t("users.action.unban"), icon: "undo", onSelect: () => void unban(user) }
      : { label: t("users.action.ban"), icon: "ban", danger: true, onSelect: () => setBanning(true) }),
    deletes && !me && {
      label: t("users.action.delete"),
      icon: "trash",
      danger: true,
      onSelect: () => void remove(user).then((gone) => gone && onGone?.()),
    },
  ];
  return (
    <>
      <Menu
        label={t("users.actionsFor", { user: nameOf(user) })}
        items={items.filter((item): item is MenuItem => item !== false)}
      />
      {banning && <BanUser user={user} onClose={() => setBanning(false)} />}
    </>
  );
}

/** Over plain HTTP browsers keep their clipboard to themselves; the old way still works there. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  say("common.copied");
}
