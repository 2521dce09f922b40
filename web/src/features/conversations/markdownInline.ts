// Reads the text of one block in one pass: marks, code, links and mentions. The time grows with the length of the text.
import { endOfTarget, isSafe, longestAddress, trimAddress } from "./addresses";
import type { Inline } from "./markdownTree";

/** Marks that may be open inside each other. */
const deepest = 40;

type Mark = "bold" | "italic" | "strike" | "spoiler" | "bracket" | "dead";

interface Open {
  mark: Mark;
  /** As it was typed. */
  text: string;
  /** The nodes before it. */
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
  /** By length, where runs of backticks begin, in order. */
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
    // Earlier runs can no longer close anything.
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

  /** Turns the innermost open mark into the text that was typed. */
  private giveUp(): void {
    this.flush();
    const open = this.stack.pop();
    if (!open) return;
    this.opened[open.mark] = (this.opened[open.mark] ?? 1) - 1;
    open.outer.push({ type: "text", text: open.text });
    for (const each of this.out) open.outer.push(each);
    this.out = open.outer;
  }

  /** Closes the innermost open mark of this kind; marks that are still open inside it become text. */
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
          // Links do not nest.
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
    const href = found ? trimAddress((found[0] ?? "").slice(0, longestAddress)) : "";
    if (href === "" || !isSafe(href)) return this.literal("h");
    this.push({ type: "link", href, children: [{ type: "text", text: href }] }, href.length);
  }
}
