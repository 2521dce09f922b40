import { useMemo } from "react";
import type { Command, PaletteSource } from "../../contract/feature";
import { useWords } from "../../lib/i18n";
import { navigate } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Icon } from "../../ui/Icon";
import { Avatar } from "../presence/Avatar";
import { addressOf, changes, channels, directs, otherOf, titleOf } from "./store";

/** Every conversation of this person, and every readable channel. */
function useCommands(): readonly Command[] {
  const t = useWords();
  const turn = useStore(changes);
  return useMemo(() =>
    [...directs(), ...channels()].map((each) => {
      const other = each.kind === "direct" ? otherOf(each) : null;
      return {
        id: `conversation-${each.id}`,
        label: each.kind === "channel" ? `#${each.name ?? ""}` : titleOf(each, t("chat.alone")),
        hint: t(each.kind === "channel" ? "nav.channels" : "chat.direct"),
        ...(other ? { also: other.username } : {}),
        mark: other
          ? <Avatar user={other} size="small" />
          : <Icon name={each.kind === "channel" ? "hash" : "members"} />,
        run: () => navigate(addressOf(each)),
      };
    }), [t, turn]);
}

export const palette: PaletteSource = { useCommands };
