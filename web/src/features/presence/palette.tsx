import { useMemo } from "react";
import type { Command, PaletteSource, Who } from "../../contract/feature";
import { useWords } from "../../lib/i18n";
import { choose } from "./own";
import { StatusMark } from "./StatusMark";

const statuses = ["online", "idle", "dnd", "invisible"] as const;

function useCommands({ id }: Who): readonly Command[] {
  const t = useWords();
  return useMemo(() =>
    statuses.map((each) => ({
      id: `status-${each}`,
      label: t(`status.${each}`),
      hint: t("palette.status"),
      also: t(`palette.also.${each}`),
      mark: <StatusMark status={each} silent />,
      run: () => void choose(id, { status: each }),
    })), [t, id]);
}

export const palette: PaletteSource = { useCommands };
