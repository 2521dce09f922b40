import assert from "node:assert/strict";
import { test } from "node:test";
import { trimAddress } from "../src/features/conversations/addresses";
import { readMarkdown } from "../src/features/conversations/markdown";
import { readInline } from "../src/features/conversations/markdownInline";
import { isOnlyEmoji, plainText } from "../src/features/conversations/markdownText";
import type { Block, Inline } from "../src/features/conversations/markdownTree";

/** A tree in few signs, so that a table stays legible. */
const short = (nodes: readonly Inline[]): string =>
  nodes.map((node): string => {
    switch (node.type) {
      case "text":
        return node.text;
      case "break":
        return "⏎";
      case "code":
        return `code(${node.text})`;
      case "mention":
        return `${node.kind}(${node.id})`;
      case "link":
        return `link(${node.href}|${short(node.children)})`;
      default:
        return `${node.type}(${short(node.children)})`;
    }
  }).join("");
const inline = (text: string): string => short(readInline(text));
const id = "15d64fe7-8080-8000-8000-000000000000";

test("marks in a line", () => {
  const table: [string, string][] = [
    ["plain", "plain"],
    ["**bold** and *italic*", "bold(bold) and italic(italic)"],
    ["***both***", "bold(italic(both))"],
    ["__bold__ and _italic_", "bold(bold) and italic(italic)"],
    ["snake_case_name", "snake_case_name"],
    ["2 * 3 * 4", "2 * 3 * 4"],
    ["**not closed", "**not closed"],
    ["*a **b* c**", "italic(a **b) c**"],
    ["~~gone~~ ||hidden||", "strike(gone) spoiler(hidden)"],
    ["a || b", "a || b"],
    ["`code **with** marks`", "code(code **with** marks)"],
    ["`` a ` b ``", "code(a ` b)"],
    ["`open", "`open"],
    ["\\*not italic\\*", "*not italic*"],
    ["one\ntwo", "one⏎two"],
    [`<@${id}> and <@&${id}>`, `user(${id}) and role(${id})`],
    ["<@everyone>", "everyone(everyone)"],
    ["hi @zoe.", "hi name(zoe)."],
    ["mail zoe@foyer.example", "mail zoe@foyer.example"],
    ["10:30:", "10:30:"],
    ["<b>bold</b>", "<b>bold</b>"],
  ];
  for (const [text, tree] of table) assert.equal(inline(text), tree, text);
});

test("links lead to the web and nowhere else", () => {
  const table: [string, string][] = [
    ["[Foyer](https://foyer.example/a)", "link(https://foyer.example/a|Foyer)"],
    ["[a](https://x.example/b_(c))", "link(https://x.example/b_(c)|a)"],
    ["[a](<https://x.example/b>)", "link(https://x.example/b|a)"],
    ["[a](javascript:alert(1))", "[a](javascript:alert(1))"],
    ["[a]( javascript:alert(1))", "[a]( javascript:alert(1))"],
    ["[a](JaVaScRiPt:alert(1))", "[a](JaVaScRiPt:alert(1))"],
    ["[a](data:text/html,x)", "[a](data:text/html,x)"],
    ["[a](//evil.example)", "[a](//evil.example)"],
    ["<javascript:alert(1)>", "<javascript:alert(1)>"],
    ["see https://x.example/a_b_c.", "see link(https://x.example/a_b_c|https://x.example/a_b_c)."],
    ["(https://x.example/a)", "(link(https://x.example/a|https://x.example/a))"],
    ["« https://x.example/a »", "« link(https://x.example/a|https://x.example/a) »"],
    ["https://x.example/a!", "link(https://x.example/a|https://x.example/a)!"],
    [
      "[a [b](https://x.example/1) c](https://x.example/2)",
      "[a link(https://x.example/1|b) c](link(https://x.example/2|https://x.example/2))",
    ],
    ["xhttps://x.example", "xhttps://x.example"],
  ];
  for (const [text, tree] of table) assert.equal(inline(text), tree, text);
  assert.equal(trimAddress("https://x.example/(a)b)."), "https://x.example/(a)b");
});

test("blocks", () => {
  const types = (text: string) => readMarkdown(text).map(({ type }) => type);
  assert.deepEqual(types("one\n\ntwo"), ["paragraph", "paragraph"]);
  assert.deepEqual(types("# Title\ntext"), ["heading", "paragraph"]);
  assert.deepEqual(types("#tag"), ["paragraph"]);
  assert.deepEqual(types("- a\n- b\ntext"), ["list", "paragraph"]);
  assert.deepEqual(types("> a\n> b\nc"), ["quote", "paragraph"]);
  assert.deepEqual(readMarkdown('```swift\nlet a = "*b*"\n```'), [{
    type: "code",
    language: "swift",
    text: 'let a = "*b*"',
  }]);
  assert.deepEqual(types("```\nnever closed"), ["paragraph"]);
  const list = readMarkdown("3. a\n4. b")[0] as Extract<Block, { type: "list" }>;
  assert.deepEqual([list.start, list.items.length], [3, 2]);
});

test("a text that is made to be slow is not", () => {
  for (
    const unit of [
      "[",
      "*",
      "**",
      "_",
      ">",
      "`",
      "``a`",
      "](",
      "[a](",
      "||",
      "~~",
      "<",
      "@a",
      "![",
      "* ",
      "\\",
      "***a ",
    ]
  ) {
    const text = unit.repeat(Math.ceil(4_000 / unit.length)).slice(0, 4_000);
    const before = performance.now();
    readMarkdown(text);
    // The bar of a browser is 50 ms; this machine may be busy.
    assert(performance.now() - before < 500, unit);
  }
});

test("what is said of a message is its text alone", () => {
  assert.equal(plainText(`**Salut** <@${id}> \`code\` [là](https://x.example)`, () => "Zoé"), "Salut @Zoé code là");
  assert.equal(plainText("||fin||"), "▒▒▒");
});

test("emoji alone are larger", () => {
  for (const text of ["👋", "👍🏽 ❤️", "🇫🇷"]) assert(isOnlyEmoji(text), text);
  for (const text of ["", "a 👋", "123", "#1", "10"]) assert(!isOnlyEmoji(text), text);
});
