import "./markdown.css";
import { type ReactNode, useState } from "react";
import { useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { IconButton } from "../../ui/Button";
import { copy } from "../../ui/copy";
import { Link } from "../../ui/Link";
import { useCard } from "../presence/cards";
import { readMarkdown } from "./markdown";
import { isOnlyEmoji } from "./markdownText";
import type { Block, Inline } from "./markdownTree";
import type { Message } from "./shapes";
import { mine } from "./store";

type Mentions = Message["mentions"];
export const noMentions: Mentions = { users: [], roles: [], everyone: false };

/** A message as elements. Its content is only ever text. */
export function Markdown({ text, mentions = noMentions }: { text: string; mentions?: Mentions }) {
  if (isOnlyEmoji(text)) return <div className="md md-emoji">{text}</div>;
  return (
    <div className="md">
      {readMarkdown(text).map((block, at) => <BlockView key={at} block={block} {...{ mentions }} />)}
    </div>
  );
}

function BlockView({ block, mentions }: { block: Block; mentions: Mentions }) {
  const inline = (nodes: readonly Inline[]) => <Nodes nodes={nodes} mentions={mentions} />;
  switch (block.type) {
    case "paragraph":
      return <p>{inline(block.children)}</p>;
    case "heading":
      // Not heading elements, since they would appear in the outline of the page.
      return <p className={`md-h${block.level}`}>{inline(block.children)}</p>;
    case "code":
      return <Code language={block.language} text={block.text} />;
    case "quote":
      return (
        <blockquote>
          {block.blocks.map((each, at) => <BlockView key={at} block={each} mentions={mentions} />)}
        </blockquote>
      );
    case "list":
      return block.start === null
        ? <ul role="list" className="md-list">{block.items.map((item, at) => <li key={at}>{inline(item)}</li>)}</ul>
        : (
          <ol role="list" className="md-list" start={block.start}>
            {block.items.map((item, at) => <li key={at}>{inline(item)}</li>)}
          </ol>
        );
  }
}

function Nodes({ nodes, mentions }: { nodes: readonly Inline[]; mentions: Mentions }) {
  return <>{nodes.map((node, at) => <NodeView key={at} node={node} mentions={mentions} />)}</>;
}

function NodeView({ node, mentions }: { node: Inline; mentions: Mentions }): JSX.Element {
  const children = "children" in node ? <Nodes nodes={node.children} mentions={mentions} /> : null;
  switch (node.type) {
    case "text":
      return <>{node.text}</>;
    case "break":
      return <br />;
    case "code":
      return <code>{node.text}</code>;
    case "bold":
      return <strong>{children}</strong>;
    case "italic":
      return <em>{children}</em>;
    case "strike":
      return <s>{children}</s>;
    case "spoiler":
      return <Spoiler>{children}</Spoiler>;
    case "link":
      return <Address href={node.href}>{children}</Address>;
    case "mention":
      return <Mention kind={node.kind} id={node.id} mentions={mentions} />;
  }
}

/** Links of this site open in place; others in a new tab, without opener and referrer. */
function Address({ href, children }: { href: string; children: ReactNode }) {
  const url = new URL(href);
  if (url.origin === location.origin) {
    return <Link href={url.pathname + url.search + url.hash} className="textlink">{children}</Link>;
  }
  return <a href={href} className="textlink" target="_blank" rel="noopener noreferrer nofollow">{children}</a>;
}

function Spoiler({ children }: { children: ReactNode }) {
  const t = useWords();
  const [shown, setShown] = useState(false);
  if (shown) return <span className="spoiler shown">{children}</span>;
  return <button type="button" className="spoiler" onClick={() => setShown(true)}>{t("chat.spoiler")}</button>;
}

interface MentionProps {
  kind: "user" | "role" | "everyone" | "name";
  id: string;
  mentions: Mentions;
}

function Mention({ kind, id, mentions }: MentionProps) {
  const user = kind === "user"
    ? mentions.users.find((each) => each.id === id)
    : kind === "name"
    ? mentions.users.find((each) => each.username === id.toLowerCase())
    : undefined;
  const card = useCard(user?.id ?? (kind === "user" ? id : null));
  const known = card ?? user;
  const role = kind === "role" ? mentions.roles.find((each) => each.id === id) : undefined;
  const isMine = known?.id === mine.id || (kind === "everyone" && mentions.everyone);
  if (known) return <span className={`mention ${isMine ? "mine" : ""}`}>@{nameOf(known)}</span>;
  if (role) return <span className="mention">@{role.name}</span>;
  if (kind === "everyone" && mentions.everyone) return <span className="mention mine">@{id}</span>;
  return <>{kind === "name" || kind === "everyone" ? `@${id}` : "@…"}</>;
}

function Code({ language, text }: { language: string; text: string }) {
  const t = useWords();
  return (
    <div className="code-block">
      <header>
        <span>{language || t("chat.code")}</span>
        <IconButton icon="copy" size={14} label={t("common.copy")} onClick={() => void copy(text)} />
      </header>
      <pre tabIndex={0}><code>{text}</code></pre>
    </div>
  );
}
