// Markdown as chat uses it, as a tree; nothing in it is ever HTML.

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
