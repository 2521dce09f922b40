import "./composer.css";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Part } from "../../contract/Part";
import { useWords } from "../../lib/i18n";
import { modulesOn } from "../../lib/modules";
import { nameOf } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Popover } from "../../ui/Popover";
import { Skeleton } from "../../ui/States";
import { useCan } from "../accounts/session";
import { emojiPicker, loadEmoji } from "../emoji/index";
import { type Card, useCard } from "../presence/cards";
import { attach, chosen, chosenFor, takeChosen, trayOf } from "../files/index";
import { roles } from "../roles/roles";
import { draftOf, dropDraft, fetchDraft, fromElsewhere, saveDraft } from "./drafts";
import { encodeMentions, everybody, type Mentionable, ofPerson, ofRole, wordAt } from "./mentions";
import { sayTyping, sendMessage } from "./sending";
import type { Conversation, Message } from "./shapes";
import { type Suggestion, Suggestions, useSuggestions } from "./Suggestions";
import { Typing } from "./Typing";

export const longest = 4_000;

interface ComposerProps {
  conversation: Conversation;
  title: string;
  /** People who can be mentioned, besides the members. */
  people: readonly Card[];
  reply: Message | null;
  setReply: (message: Message | null) => void;
  editLast: () => void;
  onSent: () => void;
}

const isTouch = (): boolean => matchMedia("(pointer: coarse)").matches;

/** The field to write in. Enter sends, Shift Enter breaks the line, ↑ edits the last own message, Esc cancels the reply. */
export function Composer({ conversation, title, people, reply, setReply, editLast, onSent }: ComposerProps) {
  const t = useWords();
  const { id } = conversation;
  const box = useRef<HTMLTextAreaElement>(null);
  const anchor = useRef<HTMLButtonElement>(null);
  const [text, setText] = useState(() => draftOf(id).content);
  const [caret, setCaret] = useState(text.length);
  const [picks, setPicks] = useState(false);
  const [closed, setClosed] = useState<string | null>(null);
  const elsewhere = useStore(fromElsewhere);
  const emoji = useRef<Awaited<ReturnType<typeof loadEmoji>> | null>(null);
  const word = wordAt(text, caret);
  const suggested = useSuggestions(conversation, people, word);
  const suggestions = closed !== null && closed === word?.word ? [] : suggested;
  const [at, setAt] = useState(0);
  const files = chosenFor(useStore(chosen), id);
  const on = useStore(modulesOn);
  const canUpload = useCan("files.upload");
  const mayAttach = canUpload && (on?.includes("files") ?? true);

  useEffect(() => {
    void fetchDraft(id);
    if (!isTouch()) box.current?.focus({ preventScroll: true });
  }, [id]);
  useEffect(() => {
    if (elsewhere?.conversation === id && document.activeElement !== box.current) setText(elsewhere.content);
  }, [elsewhere]);
  useEffect(() => {
    if (reply) box.current?.focus();
    saveDraftNow(text);
  }, [reply?.id]);
  useEffect(() => setAt(0), [word?.word]);
  useLayoutEffect(() => {
    const node = box.current;
    if (!node) return;
    node.style.height = "auto";
    node.style.height = `${Math.min(node.scrollHeight, Math.round(innerHeight * 0.4))}px`;
  }, [text]);

  const saveDraftNow = (content: string) => saveDraft(id, { content, reply_to: reply?.id ?? null });
  const change = (next: string, caretAt: number) => {
    setText(next);
    setCaret(caretAt);
    saveDraftNow(next);
    if (next.trim() !== "") sayTyping(id);
  };
  const insert = (what: string, start: number, end: number) => {
    const next = text.slice(0, start) + what + text.slice(end);
    change(next, start + what.length);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(start + what.length, start + what.length);
    });
  };
  const pick = (suggestion: Suggestion) => word && insert(`${suggestion.insert} `, word.start, caret);
  const send = () => {
    const written = text.trim();
    if (written.length > longest || (written === "" && files.length === 0)) return;
    // Sent once its files are uploaded.
    if (files.some(({ state }) => state !== "here")) return;
    const known: Mentionable[] = [
      ...[...conversation.members, ...people].map(ofPerson),
      ...Object.values(roles.get().byId).map(ofRole),
      everybody,
    ];
    const content = encodeMentions(emoji.current?.withEmoji(written) ?? written, known);
    sendMessage(id, content, reply?.id ?? null, takeChosen(id));
    setText("");
    setCaret(0);
    dropDraft(id);
    setReply(null);
    onSent();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // An Enter that ends a composition does not send; in Safari only the key code shows it.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (suggestions.length > 0) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step !== undefined) {
        event.preventDefault();
        return setAt((at + step + suggestions.length) % suggestions.length);
      }
      const chosen = suggestions[at];
      if ((event.key === "Enter" || event.key === "Tab") && chosen) {
        event.preventDefault();
        return void pick(chosen);
      }
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        return setClosed(word?.word ?? null);
      }
    }
    if (event.key === "Enter" && !event.shiftKey && !isTouch()) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && text === "") {
      event.preventDefault();
      editLast();
    } else if (event.key === "Escape" && reply) {
      event.preventDefault();
      event.stopPropagation();
      setReply(null);
    }
  };
  const left = longest - text.trim().length;
  const isEmpty = text.trim() === "" && files.length === 0;
  const uploads = files.some(({ state }) => state !== "here");
  return (
    <div className="composer-around">
      {suggestions.length > 0 && <Suggestions id="composer-options" items={suggestions} at={at} onPick={pick} />}
      {files.length > 0 && <Part of={trayOf} props={{ conversation: id }} coming={null} />}
      {reply && <ReplyBar message={reply} onClose={() => setReply(null)} />}
      <div className={`composer ${reply ? "with-reply" : ""}`}>
        {mayAttach && <Part of={attach} props={{ conversation: id, title }} coming={<span className="icon-btn" />} />}
        <textarea
          ref={box}
          rows={1}
          value={text}
          aria-label={t("chat.write", { where: title })}
          placeholder={t("chat.write", { where: title })}
          aria-autocomplete="list"
          aria-controls={suggestions.length > 0 ? "composer-options" : undefined}
          aria-activedescendant={suggestions.length > 0 ? `composer-options-${at}` : undefined}
          aria-haspopup="listbox"
          onFocus={() => void loadEmoji().then((names) => emoji.current = names, () => undefined)}
          onChange={(event) => change(event.target.value, event.target.selectionStart)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
        />
        {left < 200 && <span className={`tiny num ${left < 0 ? "bad-text" : "muted"}`}>{left}</span>}
        <IconButton
          ref={anchor}
          icon="smile"
          label={t("chat.emoji")}
          aria-haspopup="dialog"
          aria-expanded={picks}
          onClick={() => setPicks(!picks)}
        />
        <IconButton
          icon="send"
          label={t("chat.send")}
          className="composer-send"
          disabled={isEmpty || uploads || left < 0}
          onMouseDown={(event) => event.preventDefault()}
          onClick={send}
        />
      </div>
      <div className="composer-foot tiny muted">
        {uploads ? <span>{t("chat.uploads")}</span> : <Typing id={id} />}
        {conversation.slow_mode_s > 0 && <span>{t("chat.slowMode", { count: conversation.slow_mode_s })}</span>}
      </div>
      {picks && (
        <Popover
          anchor={anchor}
          label={t("chat.emoji")}
          side="above"
          align="end"
          className="emoji-popover"
          onClose={() => setPicks(false)}
        >
          <Part
            of={emojiPicker}
            props={{
              onPick: (char) => {
                setPicks(false);
                insert(char, caret, caret);
              },
            }}
            coming={<Skeleton rows={4} />}
          />
        </Popover>
      )}
    </div>
  );
}

function ReplyBar({ message, onClose }: { message: Message; onClose: () => void }) {
  const t = useWords();
  const author = useCard(message.author_id);
  return (
    <div className="reply-bar">
      <Icon name="reply" size={14} />
      <span className="cut">
        {t("chat.replyTo")} <b>{author ? nameOf(author) : t("chat.somebody")}</b>
      </span>
      <IconButton icon="close" size={14} label={t("chat.replyCancel")} onClick={onClose} />
    </div>
  );
}
