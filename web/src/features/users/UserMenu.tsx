import { useEffect, useState } from "react";
import { useWords } from "../../lib/i18n";
import { nameOf, type User } from "../../lib/resources";
import { navigate, usePlace, useQueryState } from "../../lib/router";
import { Confirm } from "../../ui/Confirm";
import { copy } from "../../ui/copy";
import { Menu, type MenuItem } from "../../ui/Menu";
import { useCan, useSession } from "../accounts/session";
import { ChangeAvatar } from "./ChangeAvatar";
import { remove, resetFactor, restore, setDisabled, unban } from "./actions";
import { BanUser } from "./BanUser";
import { SetStatus } from "./SetStatus";
import { useOutranks } from "./statuses";

/** The quick actions on one member: those that the person may do. */
export function UserMenu({ user, onGone, tabIndex }: { user: User; onGone?: () => void; tabIndex?: number }) {
  const t = useWords();
  const { search } = usePlace();
  const session = useSession();
  const me = session.user.id === user.id;
  const assigns = useCan("roles.assign");
  const disables = useCan("users.disable");
  const bans = useCan("moderation.ban");
  const deletes = useCan("users.delete");
  const resets = useCan("users.reset_factor");
  const updates = useCan("users.update");
  const manages = useCan("presence.manage");
  const outranks = useOutranks(user);
  const [setting, setSetting] = useState(false);
  const [painting, setPainting] = useState(false);
  const [query, setQuery] = useQueryState();
  const [banning, setBanning] = useState(false);
  // The palette opens the sheet with what is to be done.
  const asked = onGone !== undefined && query["act"] === "ban" && bans && !me;
  useEffect(() => {
    if (!asked) return;
    setBanning(true);
    setQuery({ act: null });
  }, [asked]);
  const [resetting, setResetting] = useState(false);
  const copyId: MenuItem = { label: t("users.action.copyId"), icon: "copy", onSelect: () => void copy(user.id) };
  const items: (MenuItem | false)[] = user.deleted_at
    ? [
      copyId,
      deletes && {
        label: t("users.action.restore"),
        icon: "undo",
        onSelect: () => void restore(user),
      },
    ]
    : [
      assigns &&
      {
        label: t("users.action.roles"),
        icon: "roles",
        onSelect: () => navigate(`/panel/members/${user.id}/roles${search}`),
      },
      manages && outranks && { label: t("status.set"), icon: "smile", onSelect: () => setSetting(true) },
      copyId,
      (updates || me) && {
        label: t("users.action.avatar"),
        icon: "user",
        onSelect: () => setPainting(true),
      },
      disables && !me && {
        label: user.is_disabled ? t("users.action.enable") : t("users.action.disable"),
        icon: user.is_disabled ? "check" : "lock",
        onSelect: () => void setDisabled(user, !user.is_disabled),
      },
      resets && !me && { label: t("users.action.resetFactor"), icon: "shield", onSelect: () => setResetting(true) },
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
        tabIndex={tabIndex}
        items={items.filter((item): item is MenuItem => item !== false)}
      />
      {setting && <SetStatus person={user} onClose={() => setSetting(false)} />}
      {painting && <ChangeAvatar user={user} onClose={() => setPainting(false)} />}
      {banning && <BanUser user={user} onClose={() => setBanning(false)} />}
      {resetting && (
        <Confirm
          title={t("users.resetFactor.title", { user: nameOf(user) })}
          text={t("users.resetFactor.text")}
          verb={t("users.resetFactor.submit")}
          run={() => resetFactor(user)}
          onClose={() => setResetting(false)}
        />
      )}
    </>
  );
}
