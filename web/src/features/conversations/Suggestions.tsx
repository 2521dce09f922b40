import { useEffect, useState } from "react";
import { fold } from "../../lib/fold";
import { useLanguage } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { loadEmoji } from "../emoji/index";
import { Avatar } from "../presence/Avatar";
import type { Card } from "../presence/cards";
import { useCan } from "../accounts/session";
import { roles } from "../roles/roles";
import type { Conversation } from "./shapes";
import { mine } from "./store";

export interface Suggestion {
  key: string;
  /** The replacement of the word. */
  insert: string;
  label: string;
  hint: string;
  card?: Card;
  mark?: string;
}

const most = 8;

/** Completions of the word at the caret: people, roles, emoji. */
export function useSuggestions(
  conversation: Conversation,
  people: readonly Card[],
  word: { kind: "@" | ":"; word: string } | null,
): Suggestion[] {
  const of = useLanguage();
  const known = useStore(roles);
  const mayAll = useCan("chat.mention_everyone");
  const [emoji, setEmoji] = useState<readonly Suggestion[]>([]);
  const wanted = word?.kind === ":" ? word.word : null;
  useEffect(() => {
    let isOver = false;
    if (wanted === null) return setEmoji([]);
    loadEmoji().then(({ searchEmoji }) => {
      if (isOver) return;
      setEmoji(
        searchEmoji(wanted, most).map(({ char, name, code }) => ({
          key: char,
          insert: char,
          label: name[of],
          hint: `:${code}:`,
          mark: char,
        })),
      );
    }, () => undefined);
    return () => {
      isOver = true;
    };
  }, [wanted, of]);
  if (word === null) return [];
  if (word.kind === ":") return [...emoji];
  const text = fold(word.word);
  const everybody = new Map([...conversation.members, ...people].map((card) => [card.id, card]));
  everybody.delete(mine.id);
  const found = [...everybody.values()]
    .filter((card) =>
      fold(card.username).startsWith(text) || fold(nameOf(card)).split(/\s+/).some((part) => part.startsWith(text))
    )
    .slice(0, most)
    .map((card): Suggestion => ({
      key: card.id,
      insert: `@${card.username}`,
      label: nameOf(card),
      hint: `@${card.username}`,
      card,
    }));
  if (!mayAll || conversation.kind !== "channel") return found;
  const more = Object.values(known.byId).filter(({ name, deleted_at }) =>
    deleted_at === null && fold(name).startsWith(text)
  )
    .map(({ id, name }): Suggestion => ({ key: id, insert: `@${name}`, label: `@${name}`, hint: "", mark: "@" }));
  const all = "everyone".startsWith(text)
    ? [{ key: "everyone", insert: "@everyone", label: "@everyone", hint: "", mark: "@" }]
    : [];
  return [...found, ...more, ...all].slice(0, most);
}

interface SuggestionsProps {
  id: string;
  items: readonly Suggestion[];
  at: number;
  onPick: (item: Suggestion) => void;
}

export function Suggestions({ id, items, at, onPick }: SuggestionsProps) {
  return (
    <ul role="listbox" id={id} className="suggestions">
      {items.map((item, index) => (
        <li
          key={item.key}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          className={`option ${index === at ? "at" : ""}`}
          onMouseDown={(event) => {
            event.preventDefault();
            onPick(item);
          }}
        >
          {item.card ? <Avatar user={item.card} size="small" /> : <span className="suggestion-mark">{item.mark}</span>}
          <span className="cut">{item.label}</span>
          <span className="tiny muted cut">{item.hint}</span>
        </li>
      ))}
    </ul>
  );
}
