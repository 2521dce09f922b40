import type { Command, PaletteSource } from "../../contract/feature";
import { useWords } from "../../lib/i18n";
import { navigate } from "../../lib/router";
import { Icon } from "../../ui/Icon";
import { useFoundTitles } from "./found";
import { pathOf } from "./titles";

function useFound(text: string): readonly Command[] {
  const t = useWords();
  const found = useFoundTitles(text, 4);
  return found.map((title) => ({
    id: `title-${title.id}`,
    label: title.name,
    hint: [t(`films.kind.${title.kind}`), title.year].filter(Boolean).join(" · "),
    mark: <Icon name="film" />,
    run: () => navigate(pathOf(title)),
  }));
}

export const palette: PaletteSource = { useFound };
