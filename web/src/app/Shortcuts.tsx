import { useEffect } from "react";
import { useWords } from "../lib/i18n";
import { recall, remember } from "../lib/memory";
import { navigate } from "../lib/router";
import { createStore, useStore } from "../lib/store";
import { Checkbox } from "../ui/Field";
import { Dialog } from "../ui/Dialog";
import type { Place } from "../contract/feature";

/** Single keys can be switched off: they get in the way of speech input (WCAG 2.1.4). */
export const singleKeys = createStore(recall("single-keys") !== "off");

export function setSingleKeys(on: boolean): void {
  remember("single-keys", on ? null : "off");
  singleKeys.set(on);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const layerOpen = () => document.querySelector("dialog[open], [popover]:popover-open") !== null;

export function useShortcuts(mine: readonly Place[], open: (layer: "palette" | "shortcuts") => void): void {
  const key = mine.map((each) => each.id).join();
  useEffect(() => {
    let goingSince = 0;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        if (!document.querySelector("dialog[open]")) open("palette");
        return;
      }
      if (
        event.ctrlKey || event.metaKey || event.altKey || !singleKeys.get() || isTyping(event.target) || layerOpen()
      ) return;
      const going = Date.now() - goingSince < 1_500;
      goingSince = 0;
      if (event.key === "?") open("shortcuts");
      else if (event.key === "g") goingSince = Date.now();
      else if (event.key === "/") focusSearch(event);
      else if (going) {
        const to = mine.find((each) => each.letter === event.key);
        if (to) navigate(to.path);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [key]);
}

function focusSearch(event: KeyboardEvent): void {
  const box = document.querySelector<HTMLInputElement>("main input[type=search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

export function Shortcuts({ places, onClose }: { places: readonly Place[]; onClose: () => void }) {
  const t = useWords();
  const single = useStore(singleKeys);
  const rows: [string[], string][] = [
    [["Ctrl", "K"], t("shortcuts.palette")],
    [["?"], t("shortcuts.help")],
    [["/"], t("shortcuts.search")],
    [["↑", "↓"], t("shortcuts.move")],
    [["Esc"], t("shortcuts.close")],
    ...places.flatMap((each): [string[], string][] =>
      each.letter ? [[["g", each.letter], t("shortcuts.go", { place: t(each.label) })]] : []
    ),
  ];
  return (
    <Dialog title={t("shortcuts.title")} onClose={onClose} width="small">
      <dl className="keys">
        {rows.map(([keys, text]) => (
          <div key={text}>
            <dt>{text}</dt>
            <dd>{keys.map((each) => <kbd key={each}>{each}</kbd>)}</dd>
          </div>
        ))}
      </dl>
      <Checkbox
        label={t("shortcuts.single")}
        hint={t("shortcuts.singleHint")}
        checked={single}
        onChange={(event) => setSingleKeys(event.target.checked)}
      />
    </Dialog>
  );
}
