import { type KeyboardEvent, useEffect, useId, useMemo, useState } from "react";
import { type Command, type PaletteSource, type Place, present, type Who } from "../contract/feature";
import { chooseLanguage } from "../features/accounts/language";
import { signOut, useSession } from "../features/accounts/session";
import { score } from "../lib/match";
import { useLanguage, useWords } from "../lib/i18n";
import { modulesOn } from "../lib/modules";
import { navigate } from "../lib/router";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { setTheme } from "../ui/theme";

interface PaletteProps {
  places: readonly Place[];
  onClose: () => void;
}

let sources: readonly PaletteSource[] | null = null;
const none: readonly PaletteSource[] = [];

/** What the features put into the palette, fetched once. */
export async function fetchPaletteSources(): Promise<void> {
  sources ??= (await Promise.all(present(modulesOn.get() ?? []).map(({ palette }) => palette?.()))).flatMap((source) =>
    source ?? []
  );
}

/** Waits for what the features give; without an answer it knows the places alone. */
export function Palette(props: PaletteProps) {
  const [ready, setReady] = useState(sources);
  useEffect(() => {
    let isOpen = true;
    const show = () => isOpen && setReady(sources ?? none);
    fetchPaletteSources().then(show, show);
    return () => {
      isOpen = false;
    };
  }, []);
  return ready === null ? null : <Open sources={ready} {...props} />;
}

/** Go anywhere, find anybody, do the common things: all from the keyboard. */
function Open({ sources, places, onClose }: PaletteProps & { sources: readonly PaletteSource[] }) {
  const t = useWords();
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const { user, permissions } = useSession();
  const own = useOwnCommands(places);
  const given = useGiven(sources, { id: user.id, permissions });
  const people = useFound(sources, text);
  const found = useMemo(() => {
    const wanted = text.trim();
    const all = [...own, ...given];
    if (!wanted) return all.slice(0, 9);
    const scored = all.map((command) => ({
      command,
      score: score(wanted, command.label, `${command.hint ?? ""} ${command.also ?? ""}`),
    }));
    const matching = scored.filter((each) => each.score > 0).sort((a, b) => b.score - a.score);
    return [...matching.slice(0, 8).map(({ command }) => command), ...people];
  }, [given, own, people, text]);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((now) => (now + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[at]);
    }
  };
  useEffect(() => {
    // In braces: what scrollIntoView gives back is not a clean-up.
    void document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <Dialog title={t("palette.title")} onClose={onClose} width="medium" bare>
      <div className="palette">
        <div className="palette-box">
          <Icon name="search" size={18} />
          <input
            role="combobox"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
            aria-label={t("palette.title")}
            placeholder={t("palette.placeholder")}
            autoFocus
            value={text}
            onKeyDown={onKeyDown}
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
            }}
          />
          <kbd aria-hidden="true">Esc</kbd>
        </div>
        <ul role="listbox" id={`${id}-list`} aria-label={t("palette.results")} className="palette-list">
          {found.map((command, index) => (
            <li
              key={command.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              className="palette-item"
              onMouseMove={() => setAt(index)}
              onClick={() => run(command)}
            >
              <span className="palette-mark">{command.mark}</span>
              <span className="cut">{command.label}</span>
              {command.hint && <span className="muted tiny cut">{command.hint}</span>}
            </li>
          ))}
        </ul>
        {found.length === 0 && <p className="palette-none muted" role="status">{t("palette.none")}</p>}
      </div>
    </Dialog>
  );
}

/** The sources stay the same for as long as the palette is open, so that their hooks keep their order. */
function useGiven(sources: readonly PaletteSource[], who: Who): readonly Command[] {
  const lists: (readonly Command[])[] = [];
  for (const source of sources) lists.push(source.useCommands?.(who) ?? []);
  return useMemo(() => lists.flat(), lists);
}

function useFound(sources: readonly PaletteSource[], text: string): readonly Command[] {
  const lists: (readonly Command[])[] = [];
  for (const source of sources) lists.push(source.useFound?.(text) ?? []);
  return useMemo(() => lists.flat(), lists);
}

function useOwnCommands(places: readonly Place[]): readonly Command[] {
  const t = useWords();
  const of = useLanguage();
  return useMemo(() => {
    const go = places.map((each) => ({
      id: each.id,
      label: t(each.label),
      hint: t("palette.go"),
      mark: <Icon name={each.icon} />,
      run: () => navigate(each.path),
    }));
    const theme = (["dark", "light", "system"] as const).map((each) => ({
      id: `theme-${each}`,
      label: t(`settings.theme.${each}`),
      hint: t("settings.theme"),
      mark: <Icon name={each === "dark" ? "moon" : each === "light" ? "sun" : "screen"} />,
      run: () => setTheme(each),
    }));
    const other = of === "fr" ? "en" : "fr";
    return [
      ...go,
      ...theme,
      {
        id: "language",
        label: other === "fr" ? "Français" : "English",
        hint: t("settings.language"),
        mark: <Icon name="globe" />,
        run: () => chooseLanguage(other),
      },
      {
        id: "out",
        label: t("settings.signOut"),
        also: t("palette.also.signOut"),
        mark: <Icon name="out" />,
        run: () => void signOut(),
      },
    ];
  }, [t, of, places.map(({ id }) => id).join()]);
}
