// Reads Markdown into blocks, line by line. The time grows with the length of the text.
import { readInline } from "./markdownInline";
import type { Block, Inline } from "./markdownTree";

const deepestQuote = 3;
export function readMarkdown(text: string, depth = 0): Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const end = () => {
    const whole = paragraph.join("\n").trim();
    paragraph = [];
    if (whole !== "") blocks.push({ type: "paragraph", children: readInline(whole) });
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const fence = /^\s{0,3}(`{3,}|~{3,})\s*([\w+#.-]*)\s*$/.exec(line);
    if (fence) {
      const close = closingFence(lines, at + 1, fence[1] ?? "");
      if (close !== null) {
        end();
        blocks.push({ type: "code", language: fence[2] ?? "", text: lines.slice(at + 1, close).join("\n") });
        at = close;
        continue;
      }
    }
    if (depth < deepestQuote && /^>(\s|>|$)/.test(line)) {
      end();
      const first = at;
      while (at + 1 < lines.length && (lines[at + 1] ?? "").startsWith(">")) at++;
      const inner = lines.slice(first, at + 1).map((each) => each.replace(/^> ?/, "")).join("\n");
      blocks.push({ type: "quote", blocks: readMarkdown(inner, depth + 1) });
      continue;
    }
    const heading = /^(#{1,3}) +(\S.*)$/.exec(line);
    if (heading) {
      end();
      const level = (heading[1] ?? "").length as 1 | 2 | 3;
      blocks.push({ type: "heading", level, children: readInline(heading[2] ?? "") });
      continue;
    }
    const item = itemOf(line);
    if (item) {
      end();
      const items: Inline[][] = [];
      for (let next: Item | null = item; next && next.ordered === item.ordered; next = itemOf(lines[at] ?? "")) {
        items.push(readInline(next.text));
        at++;
      }
      at--;
      blocks.push({ type: "list", start: item.ordered ? item.number : null, items });
      continue;
    }
    if (line.trim() === "") end();
    else paragraph.push(line);
  }
  end();
  return blocks;
}

function closingFence(lines: readonly string[], from: number, fence: string): number | null {
  for (let at = from; at < lines.length; at++) {
    const line = (lines[at] ?? "").trim();
    if (line.length >= fence.length && [...line].every((letter) => letter === fence[0])) return at;
  }
  return null;
}

interface Item {
  ordered: boolean;
  number: number;
  text: string;
}

function itemOf(line: string): Item | null {
  const found = /^\s{0,3}(?:[-*+]|(\d{1,9})[.)])\s+(\S.*)$/.exec(line);
  return found ? { ordered: found[1] !== undefined, number: Number(found[1] ?? 0), text: found[2] ?? "" } : null;
}
