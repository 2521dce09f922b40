import { useState } from "react";
import { Slot, useFilled } from "../../contract/Part";
import { useWords } from "../../lib/i18n";
import { Menu } from "../../ui/Menu";
import { copy } from "../../ui/copy";
import { say as toast } from "../../ui/Toasts";
import { setMark, useStanding } from "./catalogue";
import { pathOf, type Title } from "./titles";

/** Less frequent actions of a title. */
export function TitleMenu({ title }: { title: Title }) {
  const t = useWords();
  const [sharing, setSharing] = useState(false);
  const shares = useFilled("share");
  const { hidden } = useStanding(title).state;
  const hide = () => {
    setMark(title.id, "hidden", !hidden);
    if (!hidden) toast("films.hidden", {}, () => setMark(title.id, "hidden", false));
  };
  const address = location.origin + pathOf(title);
  return (
    <>
      <Menu
        label={t("films.more", { title: title.name })}
        items={[
          { label: t(hidden ? "films.unhide" : "films.hide"), icon: hidden ? "eye" : "hide", onSelect: hide },
          ...(shares ? [{ label: t("films.share"), icon: "send" as const, onSelect: () => setSharing(true) }] : []),
          { label: t("films.copy"), icon: "copy", onSelect: () => void copy(address) },
        ]}
      />
      {sharing && <Slot name="share" text={address} onClose={() => setSharing(false)} />}
    </>
  );
}
