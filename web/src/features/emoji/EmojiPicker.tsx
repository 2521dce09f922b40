import "./emoji.css";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { type Language, useLanguage } from "../../lib/i18n";
import { recall, remember } from "../../lib/memory";
import { type Emoji, emojis, type Group, groups, inTone, searchEmoji, type Tone, tones } from "./emoji";

export interface EmojiPickerProps {
  onPick: (emoji: string) => void;
}

const words: Record<Language, Record<Group | "search" | "recent" | "none" | "groups" | "tone" | "picker", string>> = {
  en: {
    search: "Search emoji",
    recent: "Recently used",
    none: "No emoji by that name",
    groups: "Groups",
    tone: "Skin tone",
    picker: "Emoji",
    smileys: "Smileys and emotion",
    people: "People and body",
    nature: "Animals and nature",
    food: "Food and drink",
    travel: "Travel and places",
    activities: "Activities",
    objects: "Objects",
    symbols: "Symbols",
    flags: "Flags",
  },
  fr: {
    search: "Chercher un emoji",
    recent: "Récents",
    none: "Aucun emoji de ce nom",
    groups: "Groupes",
    tone: "Couleur de peau",
    picker: "Emojis",
    smileys: "Visages et émotions",
    people: "Personnes et corps",
    nature: "Animaux et nature",
    food: "Nourriture et boissons",
    travel: "Voyages et lieux",
    activities: "Activités",
    objects: "Objets",
    symbols: "Symboles",
    flags: "Drapeaux",
  },
};

const marks: Record<Group, string> = {
  smileys: "😀",
  people: "👋",
  nature: "🐻",
  food: "🍎",
  travel: "🚗",
  activities: "⚽",
  objects: "💡",
  symbols: "❤️",
  flags: "🏁",
};

const columns = 8;
const mostRecent = 16;
const first = ["👍", "❤️", "😂", "🎉", "👀", "🔥", "😢", "👏"];

const recentOnes = (): string[] => recall("emoji")?.split(" ").filter(Boolean) ?? first;

interface Cell {
  char: string;
  name: string;
}

/** Emoji by group, by name in French and English, in a skin tone. Arrows move among them, Enter picks. */
export function EmojiPicker({ onPick }: EmojiPickerProps) {
  const of = useLanguage();
  const t = words[of];
  const grid = useRef<HTMLDivElement>(null);
  const [text, setText] = useState("");
  const [group, setGroup] = useState<Group | "recent">("recent");
  const [tone, setTone] = useState<Tone>(() => tones.find((each) => each !== "" && each === recall("skinTone")) ?? "");
  const cells = useMemo((): Cell[] => {
    const cell = (emoji: Emoji): Cell => ({ char: inTone(emoji, tone), name: emoji.name[of] });
    if (text.trim() !== "") return searchEmoji(text, 80).map(cell);
    if (group === "recent") return recentOnes().map((char) => ({ char, name: char }));
    return emojis[group].map(cell);
  }, [text, group, tone, of]);

  const pick = (char: string) => {
    remember("emoji", [char, ...recentOnes().filter((each) => each !== char)].slice(0, mostRecent).join(" "));
    onPick(char);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const all = [...grid.current?.querySelectorAll<HTMLButtonElement>("button") ?? []];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, at + step))]?.focus();
  };
  return (
    <div className="emoji-picker">
      <input
        type="search"
        className="input"
        data-autofocus
        aria-label={t.search}
        placeholder={t.search}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && cells[0]) {
            event.preventDefault();
            pick(cells[0].char);
          } else if (event.key === "ArrowDown") {
            event.preventDefault();
            grid.current?.querySelector<HTMLButtonElement>("button")?.focus();
          }
        }}
      />
      <div className="emoji-groups" role="group" aria-label={t.groups}>
        {(["recent", ...groups] as const).map((each) => (
          <button
            key={each}
            type="button"
            title={t[each]}
            aria-label={t[each]}
            aria-pressed={group === each && text === ""}
            onClick={() => {
              setText("");
              setGroup(each);
            }}
          >
            {each === "recent" ? "🕘" : marks[each]}
          </button>
        ))}
      </div>
      <div ref={grid} className="emoji-grid" role="group" aria-label={t.picker} onKeyDown={onKeyDown}>
        {cells.map(({ char, name }, at) => (
          <button
            key={char}
            type="button"
            tabIndex={at === 0 ? 0 : -1}
            title={name}
            aria-label={name}
            onClick={() => pick(char)}
          >
            {char}
          </button>
        ))}
        {cells.length === 0 && <p className="muted tiny" role="status">{t.none}</p>}
      </div>
      <div className="emoji-tones" role="radiogroup" aria-label={t.tone}>
        {tones.map((each) => (
          <button
            key={each}
            type="button"
            role="radio"
            aria-checked={tone === each}
            aria-label={`${t.tone} ${tones.indexOf(each) + 1}`}
            onClick={() => {
              remember("skinTone", each || null);
              setTone(each);
            }}
          >
            {`✋${each}`}
          </button>
        ))}
      </div>
    </div>
  );
}
