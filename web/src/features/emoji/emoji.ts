// Emoji by name in both languages, by shortcode, in a skin tone.
import { fold as foldText } from "../../lib/fold";
import type { Language } from "../../lib/i18n";
import { emojiData } from "./data";

export interface Emoji {
  char: string;
  name: Record<Language, string>;
  /** `:grinning_face:` without its colons. */
  code: string;
  takesTone: boolean;
  /** Folded: what it is found by. */
  words: string;
}

const fold = (text: string): string => foldText(text).replace(/œ/g, "oe");

export const groups = [
  "smileys",
  "people",
  "nature",
  "food",
  "travel",
  "activities",
  "objects",
  "symbols",
  "flags",
] as const;
export type Group = (typeof groups)[number];

export const tones = ["", "🏻", "🏼", "🏽", "🏾", "🏿"] as const;
export type Tone = (typeof tones)[number];

/** Codes that people type by habit, besides those made of the names. */
const habits: Record<string, string> = {
  "+1": "👍",
  thumbsup: "👍",
  "-1": "👎",
  thumbsdown: "👎",
  heart: "❤️",
  smile: "😄",
  grin: "😁",
  joy: "😂",
  rofl: "🤣",
  wink: "😉",
  blush: "😊",
  heart_eyes: "😍",
  sunglasses: "😎",
  thinking: "🤔",
  cry: "😢",
  sob: "😭",
  angry: "😠",
  rage: "😡",
  scream: "😱",
  sleepy: "😪",
  sweat_smile: "😅",
  laughing: "😆",
  upside_down: "🙃",
  wave: "👋",
  clap: "👏",
  pray: "🙏",
  muscle: "💪",
  ok_hand: "👌",
  eyes: "👀",
  fire: "🔥",
  tada: "🎉",
  rocket: "🚀",
  "100": "💯",
  star: "⭐",
  sparkles: "✨",
  popcorn: "🍿",
  movie: "🎬",
  film: "🎞️",
  tv: "📺",
  coffee: "☕",
  beer: "🍺",
  pizza: "🍕",
  cake: "🍰",
  sun: "☀️",
  cat: "🐱",
  dog: "🐶",
  broken_heart: "💔",
  skull: "💀",
  ghost: "👻",
  poop: "💩",
  check: "✅",
  white_check_mark: "✅",
  x: "❌",
  warning: "⚠️",
  question: "❓",
  exclamation: "❗",
  facepalm: "🤦",
  shrug: "🤷",
  point_up: "☝️",
  raised_hands: "🙌",
};

const codeOf = (name: string): string => fold(name).replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");

function read(line: string): Emoji {
  const [head = "", en = "", fr = "", more = ""] = line.split("|");
  const takesTone = head.startsWith("*");
  return {
    char: takesTone ? head.slice(1) : head,
    name: { en, fr },
    code: codeOf(en),
    takesTone,
    words: fold(` ${en} ${fr} ${more.replace(/,/g, " ")}`.replace(/[-’']/g, " ")),
  };
}

export const emojis: Readonly<Record<Group, readonly Emoji[]>> = Object.fromEntries(
  groups.map((group) => [group, emojiData[group].split("\n").map(read)]),
) as unknown as Record<Group, Emoji[]>;

const all: readonly Emoji[] = groups.flatMap((group) => emojis[group]);
const byChar = new Map(all.map((each) => [each.char.replace(/\uFE0F/g, ""), each]));
const byCode = new Map(all.map((each) => [each.code, each]));
for (const [code, char] of Object.entries(habits)) {
  const emoji = byChar.get(char.replace(/\uFE0F/g, ""));
  if (emoji) byCode.set(code, emoji);
}

export const emojiOf = (code: string): Emoji | undefined => byCode.get(code);

const habitsOf = new Map<string, string[]>();
for (const [code, char] of Object.entries(habits)) habitsOf.set(char, [...(habitsOf.get(char) ?? []), code]);

/** What the words mean, in either language: the whole name first, then words that begin so, then what holds it. */
export function searchEmoji(text: string, most = 60): Emoji[] {
  const wanted = fold(text.trim().replace(/[-_’']/g, " "));
  if (wanted === "") return [];
  const parts = wanted.split(/\s+/);
  const ranked: { emoji: Emoji; rank: number }[] = [];
  for (const emoji of all) {
    const rank = rankOf(emoji, wanted, parts);
    if (rank !== null) ranked.push({ emoji, rank });
  }
  return ranked.sort((one, other) => one.rank - other.rank).slice(0, most).map(({ emoji }) => emoji);
}

function rankOf(emoji: Emoji, wanted: string, parts: readonly string[]): number | null {
  const codes = habitsOf.get(emoji.char) ?? [];
  if (codes.includes(wanted.replace(/ /g, "_"))) return 0;
  if (fold(emoji.name.en) === wanted || fold(emoji.name.fr) === wanted) return 1;
  if (parts.every((part) => emoji.words.includes(` ${part} `) || emoji.words.endsWith(` ${part}`))) return 2;
  if (codes.some((code) => code.startsWith(wanted))) return 3;
  if (parts.every((part) => emoji.words.includes(` ${part}`))) return 4;
  return wanted.length > 2 && parts.every((part) => emoji.words.includes(part)) ? 5 : null;
}

/** The emoji in a skin tone, where it takes one: the tone stands after its first character. */
export function inTone({ char, takesTone }: Emoji, tone: Tone): string {
  if (!takesTone || tone === "") return char;
  const [first = ""] = char;
  return first + tone + char.slice(first.length).replace(/^\uFE0F/, "");
}

/** Puts emoji in the place of `:shortcodes:` that stand outside code. */
export const withEmoji = (text: string): string =>
  text.replace(
    /(`+)[\s\S]*?\1|:([a-z0-9_+-]{1,60}):/g,
    (whole, ticks: string | undefined, code: string | undefined) =>
      ticks === undefined && code !== undefined ? emojiOf(code)?.char ?? whole : whole,
  );
