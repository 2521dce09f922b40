// The text of a message without Markdown.
import { readMarkdown } from "./markdown";
import type { Block, Inline } from "./markdownTree";

const picture =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200D\uFE0F\u20E3#*0-9]|\s)+$/u;

/** Whether a text is a few emoji only, which are shown larger. */
export const isOnlyEmoji = (text: string): boolean =>
  text.length <= 60 && /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(text) && picture.test(text) &&
  !/^[\s#*0-9]+$/.test(text) && !/[0-9]/.test(text) &&
  [...text.matchAll(/\p{Extended_Pictographic}|\p{Regional_Indicator}{2}/gu)].length <= 8;

/** The plain text, for previews and screen readers. */
export function plainText(content: string, name: (id: string) => string | null = () => null): string {
  const inline = (nodes: readonly Inline[]): string =>
    nodes.map((node): string => {
      switch (node.type) {
        case "text":
        case "code":
          return node.text;
        case "break":
          return " ";
        case "mention":
          return `@${name(node.id) ?? (node.kind === "user" || node.kind === "role" ? "…" : node.id)}`;
        case "spoiler":
          return "▒▒▒";
        default:
          return inline(node.children);
      }
    }).join("");
  const block = (each: Block): string => {
    switch (each.type) {
      case "code":
        return each.text.replace(/\s+/g, " ");
      case "quote":
        return each.blocks.map(block).join(" ");
      case "list":
        return each.items.map(inline).join(", ");
      default:
        return inline(each.children);
    }
  };
  return readMarkdown(content).map(block).join(" ").trim();
}
