import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { cards } from "../presence/cards";
import { decodeMentions, encodeMentions, everybody, ofPerson, ofRole } from "./mentions";
import { deleteMessage, editMessage } from "./sending";
import type { Message } from "./shapes";

/** Edits an own message: Enter saves, Esc cancels. */
export function EditMessage({ message, onDone }: { message: Message; onDone: () => void }) {
  const t = useWords();
  const known = [...message.mentions.users.map(ofPerson), ...message.mentions.roles.map(ofRole), everybody];
  const [text, setText] = useState(() => decodeMentions(message.content, known));
  const save = () => {
    const all = [...known, ...[...cards.entries()].map(([, card]) => ofPerson(card))];
    const content = encodeMentions(text.trim(), all);
    onDone();
    if (content === "") deleteMessage(message);
    else if (content !== message.content) void editMessage(message, content);
  };
  return (
    <div className="message-edit">
      <textarea
        className="input"
        aria-label={t("chat.editLabel")}
        value={text}
        rows={Math.min(12, text.split("\n").length)}
        maxLength={4_000}
        ref={(node) => {
          if (!node || node.dataset["ready"]) return;
          node.dataset["ready"] = "true";
          node.focus();
          node.setSelectionRange(node.value.length, node.value.length);
        }}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || event.keyCode === 229) return;
          if (event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            onDone();
          } else if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            save();
          }
        }}
      />
      <div className="message-edit-foot">
        <span className="tiny muted">{t("chat.editHint")}</span>
        <Button look="quiet" onClick={onDone}>{t("common.cancel")}</Button>
        <Button look="primary" onClick={save}>{t("common.save")}</Button>
      </div>
    </div>
  );
}
