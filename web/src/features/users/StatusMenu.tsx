import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { copy } from "../../ui/copy";
import { Menu, type MenuItem } from "../../ui/Menu";
import { useCan } from "../accounts/session";
import { SetStatus } from "./SetStatus";
import { type Named, useOutranks } from "./statuses";

/** What can be done about somebody where only their presence is known. */
export function StatusMenu({ person }: { person: Named & { roles: readonly string[] } }) {
  const t = useWords();
  const sees = useCan("users.read");
  const manages = useCan("presence.manage");
  const history = useCan("audit.read");
  const outranks = useOutranks(person);
  const [setting, setSetting] = useState(false);
  const items: (MenuItem | false)[] = [
    manages && outranks && { label: t("status.set"), icon: "smile", onSelect: () => setSetting(true) },
    sees && { label: t("board.open"), icon: "user", onSelect: () => navigate(`/panel/members/${person.id}`) },
    sees && history && {
      label: t("board.history"),
      icon: "history",
      onSelect: () => navigate(`/panel/members/${person.id}/history`),
    },
    { label: t("users.action.copyId"), icon: "copy", onSelect: () => void copy(person.id) },
  ];
  return (
    <>
      <Menu
        label={t("users.actionsFor", { user: nameOf(person) })}
        items={items.filter((item): item is MenuItem => item !== false)}
      />
      {setting && <SetStatus person={person} onClose={() => setSetting(false)} />}
    </>
  );
}
