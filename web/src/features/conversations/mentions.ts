// Mentions as they are typed (`@zoe`) and as they are sent (`<@id>`).
import type { Card } from "../presence/cards";

export interface Mentionable {
  /** The text after the @. */
  name: string;
  /** The text that is sent for it. */
  sent: string;
}

const code = /(```[\s\S]*?```|`[^`\n]*`)/;

/** Replaces known names by ids, outside code. */
export function encodeMentions(text: string, known: readonly Mentionable[]): string {
  // The longest first, since a name may begin with another.
  const sorted = [...known].sort((one, other) => other.name.length - one.name.length);
  return text.split(code).map((part, at) => (at % 2 === 1 ? part : encodePart(part, sorted))).join("");
}

function encodePart(text: string, known: readonly Mentionable[]): string {
  let out = "";
  for (let at = 0; at < text.length;) {
    const before = text[at - 1] ?? " ";
    const found = text[at] === "@" && !/[\p{L}\p{N}_]/u.test(before)
      ? known.find(({ name }) => startsWith(text, at + 1, name))
      : undefined;
    out += found ? found.sent : text[at];
    at += found ? found.name.length + 1 : 1;
  }
  return out;
}

function startsWith(text: string, at: number, name: string): boolean {
  if (text.slice(at, at + name.length).toLowerCase() !== name.toLowerCase()) return false;
  return !/[\p{L}\p{N}_]/u.test(text[at + name.length] ?? " ");
}

export const ofPerson = ({ id, username }: Pick<Card, "id" | "username">): Mentionable => ({
  name: username,
  sent: `<@${id}>`,
});
export const ofRole = ({ id, name }: { id: string; name: string }): Mentionable => ({ name, sent: `<@&${id}>` });

export const everybody: Mentionable = { name: "everyone", sent: "<@everyone>" };

/** Replaces ids by names. */
export function decodeMentions(text: string, known: readonly Mentionable[]): string {
  return known.reduce((all, { name, sent }) => all.split(sent).join(`@${name}`), text);
}

/** The word that is being typed before the caret, where it begins a mention or the name of an emoji. */
export function wordAt(text: string, caret: number): { kind: "@" | ":"; word: string; start: number } | null {
  const found = /(^|[\s(])([@:])([\p{L}\p{N}_.+-]{0,32})$/u.exec(text.slice(0, caret));
  if (!found) return null;
  const [, , kind, word = ""] = found;
  if (kind === ":" && word.length < 2) return null;
  return { kind: kind as "@" | ":", word, start: caret - word.length - 1 };
}
