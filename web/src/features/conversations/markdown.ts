// Markdown as chat uses it, read into a tree in one pass; nothing of it is ever HTML. Time grows with the length of the text.

export type Inline =
  | { type: "text"; text: string }
  | { type: "code"; text: string }
  | { type: "break" }
  | { type: "mention"; kind: "user" | "role" | "everyone" | "name"; id: string }
  | { type: "link"; href: string; children: Inline[] }
  | { type: "bold" | "italic" | "strike" | "spoiler"; children: Inline[] };

export type Block =
  | { type: "paragraph"; children: Inline[] }
  | { type: "heading"; level: 1 | 2 | 3; children: Inline[] }
  | { type: "code"; language: string; text: string }
  | { type: "quote"; blocks: Block[] }
  | { type: "list"; start: number | null; items: Inline[][] };

const deepestQuote = 3;
/** So many marks may be open in each other. */
const deepest = 40;

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

type Mark = "bold" | "italic" | "strike" | "spoiler" | "bracket" | "dead";

interface Open {
  mark: Mark;
  /** As it was typed. */
  text: string;
  /** What came before it. */
  outer: Inline[];
}

const spaces = /\s/;
const punctuation = /[!-/:-@[-`{-~]/;
const wordLetter = /[\p{L}\p{N}_]/u;
const uuid = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}";
const mentionOf = new RegExp(`<@(?:(&?)(${uuid})|everyone)>`, "y");
const nameOf = /@([a-z0-9_.]{2,32})/iy;
const addressOf = /https?:\/\/[^\s<>]+/y;
const angled = /<(https?:\/\/[^\s<>]{1,2000})>/y;
const targetOf = /\(<?(https?:\/\/|mailto:)([^\s<>]{1,2000})/y;
const longest = 2_000;

/** Whether a link may lead there: the web and e-mail, nothing that runs. */
export const isSafe = (address: string): boolean => {
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(address).protocol);
  } catch {
    return false;
  }
};

export function readInline(text: string): Inline[] {
  const reader = new InlineReader(text);
  return reader.read();
}

class InlineReader {
  private at = 0;
  private out: Inline[] = [];
  private plain = "";
  private readonly stack: Open[] = [];
  private readonly opened: Partial<Record<Mark, number>> = {};
  /** Where runs of so many backticks begin, in order. */
  private readonly ticks = new Map<number, number[]>();

  constructor(private readonly text: string) {
    for (const run of text.matchAll(/`+/g)) {
      const length = run[0]?.length ?? 0;
      const starts = this.ticks.get(length) ?? [];
      starts.push(run.index ?? 0);
      this.ticks.set(length, starts);
    }
  }

  read(): Inline[] {
    while (this.at < this.text.length) this.step();
    while (this.stack.length > 0) this.giveUp();
    this.flush();
    return this.out;
  }

  private step(): void {
    const letter = this.text[this.at] ?? "";
    switch (letter) {
      case "\\":
        return this.escape();
      case "`":
        return this.code();
      case "*":
      case "_":
        return this.stars(letter);
      case "~":
      case "|":
        return this.pair(letter, letter === "~" ? "strike" : "spoiler");
      case "[":
        this.open("bracket", "[");
        return void this.at++;
      case "]":
        return this.bracket();
      case "<":
        return this.angle();
      case "@":
        return this.name();
      case "h":
        return this.address();
      case "\n":
        this.flush();
        this.out.push({ type: "break" });
        return void this.at++;
      default:
        this.plain += letter;
        this.at++;
    }
  }

  private flush(): void {
    if (this.plain !== "") this.out.push({ type: "text", text: this.plain });
    this.plain = "";
  }

  private literal(text: string): void {
    this.plain += text;
    this.at += text.length;
  }

  private push(node: Inline, length: number): void {
    this.flush();
    this.out.push(node);
    this.at += length;
  }

  private escape(): void {
    const next = this.text[this.at + 1];
    if (next === undefined || !punctuation.test(next)) return this.literal("\\");
    this.plain += next;
    this.at += 2;
  }

  private code(): void {
    const run = /`+/y;
    run.lastIndex = this.at;
    const ticks = run.exec(this.text)?.[0] ?? "`";
    const starts = this.ticks.get(ticks.length) ?? [];
    // Those before us are behind for good.
    while (starts.length > 0 && (starts[0] ?? 0) <= this.at) starts.shift();
    const close = starts[0];
    if (close === undefined) return this.literal(ticks);
    const inner = this.text.slice(this.at + ticks.length, close).replace(/\n/g, " ");
    const text = /^ .*[^ ].* $/.test(inner) || /^ [^ ]+ $/.test(inner) ? inner.slice(1, -1) : inner;
    this.push({ type: "code", text }, close + ticks.length - this.at);
  }

  private open(mark: Mark, text: string): void {
    if (this.stack.length >= deepest) return void (this.plain += text);
    this.flush();
    this.stack.push({ mark, text, outer: this.out });
    this.opened[mark] = (this.opened[mark] ?? 0) + 1;
    this.out = [];
  }

  /** The innermost that is open was never closed: it is what was typed. */
  private giveUp(): void {
    this.flush();
    const open = this.stack.pop();
    if (!open) return;
    this.opened[open.mark] = (this.opened[open.mark] ?? 1) - 1;
    open.outer.push({ type: "text", text: open.text });
    for (const each of this.out) open.outer.push(each);
    this.out = open.outer;
  }

  /** Closes the innermost of these that is open; what was opened inside it and not closed is what was typed. */
  private close(mark: Mark, text: string | null = null): Inline[] | null {
    const matches = (open: Open) => open.mark === mark && (text === null || open.text === text);
    if (!this.opened[mark] || !this.stack.some(matches)) return null;
    for (
      let open = this.stack[this.stack.length - 1];
      open && !matches(open);
      open = this.stack[this.stack.length - 1]
    ) {
      this.giveUp();
    }
    this.flush();
    const open = this.stack.pop();
    if (!open) return null;
    this.opened[mark] = (this.opened[mark] ?? 1) - 1;
    const inner = this.out;
    this.out = open.outer;
    return inner;
  }

  private sides(length: number): { opens: boolean; closes: boolean } {
    const before = this.text[this.at - 1] ?? " ";
    const after = this.text[this.at + length] ?? " ";
    const [blankBefore, blankAfter] = [spaces.test(before), spaces.test(after)];
    const opens = !blankAfter && (!punctuation.test(after) || blankBefore || punctuation.test(before));
    const closes = !blankBefore && (!punctuation.test(before) || blankAfter || punctuation.test(after));
    return { opens, closes };
  }

  private stars(letter: string): void {
    let length = 1;
    while (this.text[this.at + length] === letter) length++;
    let { opens, closes } = this.sides(length);
    if (letter === "_") {
      const before = this.text[this.at - 1] ?? " ";
      const after = this.text[this.at + length] ?? " ";
      [opens, closes] = [opens && !wordLetter.test(before), closes && !wordLetter.test(after)];
    }
    if (length > 3) return this.literal(letter.repeat(length));
    let left = length;
    while (closes && left > 0) {
      const top = [...this.stack].reverse().find(({ text }) =>
        (text === letter || text === letter + letter) && text.length <= left
      );
      const size = top?.text.length ?? 0;
      if (!top) break;
      const inner = this.close(top.mark, top.text);
      if (!inner) break;
      this.out.push({ type: top.mark as "bold" | "italic", children: inner });
      left -= size;
    }
    if (opens && left > 0) {
      if (left >= 2) this.open("bold", letter + letter);
      if (left !== 2) this.open("italic", letter);
      left = 0;
    }
    this.plain += letter.repeat(left);
    this.at += length;
  }

  private pair(letter: string, mark: "strike" | "spoiler"): void {
    const pair = letter + letter;
    if (!this.text.startsWith(pair, this.at)) return this.literal(letter);
    const inner = this.close(mark);
    if (inner) this.out.push({ type: mark, children: inner });
    else this.open(mark, pair);
    this.at += 2;
  }

  private bracket(): void {
    targetOf.lastIndex = this.at + 1;
    const target = targetOf.exec(this.text);
    if (target && this.opened.bracket) {
      const start = this.at + 2 + (this.text[this.at + 2] === "<" ? 1 : 0);
      const end = endOfTarget(this.text, start);
      const href = this.text.slice(start, end ?? start);
      if (end !== null && isSafe(href)) {
        const children = this.close("bracket");
        if (children) {
          this.out.push({ type: "link", href, children });
          // A link holds no other.
          for (const open of this.stack) if (open.mark === "bracket") open.mark = "dead";
          this.opened.dead = (this.opened.dead ?? 0) + (this.opened.bracket ?? 0);
          this.opened.bracket = 0;
          this.at = end + (this.text[end] === ">" ? 2 : 1);
          return;
        }
      }
    }
    this.literal("]");
  }

  private angle(): void {
    mentionOf.lastIndex = angled.lastIndex = this.at;
    const mention = mentionOf.exec(this.text);
    if (mention) {
      const id = mention[2]?.toLowerCase();
      const kind = id === undefined ? "everyone" : mention[1] === "&" ? "role" : "user";
      return this.push({ type: "mention", kind, id: id ?? "everyone" }, mention[0]?.length ?? 1);
    }
    const link = angled.exec(this.text);
    const href = link?.[1] ?? "";
    if (link && isSafe(href)) {
      return this.push({ type: "link", href, children: [{ type: "text", text: href }] }, link[0]?.length ?? 1);
    }
    this.literal("<");
  }

  private name(): void {
    const before = this.text[this.at - 1] ?? " ";
    nameOf.lastIndex = this.at;
    const found = wordLetter.test(before) ? null : nameOf.exec(this.text);
    const name = found?.[1]?.replace(/\.+$/, "") ?? "";
    if (name.length < 2) return this.literal("@");
    this.push({ type: "mention", kind: "name", id: name }, name.length + 1);
  }

  private address(): void {
    addressOf.lastIndex = this.at;
    const before = this.text[this.at - 1] ?? " ";
    const found = wordLetter.test(before) || this.opened.bracket ? null : addressOf.exec(this.text);
    const href = found ? trimAddress((found[0] ?? "").slice(0, longest)) : "";
    if (href === "" || !isSafe(href)) return this.literal("h");
    this.push({ type: "link", href, children: [{ type: "text", text: href }] }, href.length);
  }
}

/** Where the target of a link ends: brackets inside it come in pairs. */
function endOfTarget(text: string, from: number): number | null {
  let depth = 0;
  for (let at = from; at < text.length && at - from < longest; at++) {
    const letter = text[at] ?? "";
    if (spaces.test(letter)) return null;
    if (letter === ">") return text[at + 1] === ")" ? at : null;
    if (letter === "(") depth++;
    if (letter === ")" && depth-- === 0) return at;
  }
  return null;
}

/** What ends a sentence is not part of its last address; a bracket is where it was opened in it. */
export function trimAddress(address: string): string {
  let end = address.length;
  for (; end > 0; end--) {
    const last = address[end - 1] ?? "";
    if (/[.,:;!?'"»”’*_~|\]]/.test(last)) continue;
    if (last === ")" && count(address, ")", end) > count(address, "(", end)) continue;
    break;
  }
  return address.slice(0, end);
}

const count = (text: string, letter: string, end: number): number => {
  let found = 0;
  for (let at = 0; at < end; at++) if (text[at] === letter) found++;
  return found;
};

const picture =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200D\uFE0F\u20E3#*0-9]|\s)+$/u;

/** A few emoji and nothing else: they are shown larger. */
export const isOnlyEmoji = (text: string): boolean =>
  text.length <= 60 && /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(text) && picture.test(text) &&
  !/^[\s#*0-9]+$/.test(text) && !/[0-9]/.test(text) &&
  [...text.matchAll(/\p{Extended_Pictographic}|\p{Regional_Indicator}{2}/gu)].length <= 8;

/** As one reads it without any marks: for previews and for what is spoken. */
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
