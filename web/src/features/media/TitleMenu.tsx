import { useWords } from "../../lib/i18n";
import { Menu } from "../../ui/Menu";
import { copy } from "../../ui/copy";
import { say as toast } from "../../ui/Toasts";
import { setMark, useStanding } from "./catalogue";
import { pathOf, type Title } from "./titles";

/** Less frequent actions of a title. */
export function TitleMenu({ title }: { title: Title }) {
  const t = useWords();
  const { hidden } = useStanding(title).state;
  const hide = () => {
    setMark(title.id, "hidden", !hidden);
    if (!hidden) toast("films.hidden", {}, () => setMark(title.id, "hidden", false));
  };
  return (
    <Menu
      label={t("films.more", { title: title.name })}
      items={[
        { label: t(hidden ? "films.unhide" : "films.hide"), icon: hidden ? "eye" : "hide", onSelect: hide },
        { label: t("films.copy"), icon: "copy", onSelect: () => void copy(location.origin + pathOf(title)) },
      ]}
    />
  );
}
