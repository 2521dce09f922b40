import { useState } from "react";
import { useWords, type Words } from "../../lib/i18n";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/Button";
import { SelectField } from "../../ui/Field";
import { roveFocus } from "../../ui/Popover";
import { choose, type Chosen, chosen } from "./own";
import { StatusMark } from "./StatusMark";

const choices = ["online", "idle", "dnd", "invisible"] as const;
const emojis = ["💬", "☕", "🎬", "🎧", "💻", "📚", "🍽️", "🌙", "🏖️", "🤒"];
const hour = 3_600_000;

/** When a message goes away: in some hours, tonight, or when somebody says so. */
export function expiry(choice: string): string | null {
  if (choice === "never") return null;
  const at = choice === "today" ? new Date().setHours(24, 0, 0, 0) : Date.now() + Number(choice) * hour;
  return new Date(at).toISOString();
}

/** One's own status: four choices that act at once, and a message with an emoji and an end. */
export function StatusPicker({ userId, onDone }: { userId: string; onDone: () => void }) {
  const t = useWords();
  const mine = useStore(chosen);
  const pick = (change: Partial<Chosen>) => void choose(userId, change);
  return (
    <div className="status-picker">
      <div role="radiogroup" aria-label={t("status.choose")} onKeyDown={(event) => roveFocus(event, "[role=radio]")}>
        {choices.map((status) => (
          <button
            key={status}
            type="button"
            role="radio"
            aria-checked={mine.status === status}
            tabIndex={mine.status === status ? 0 : -1}
            data-autofocus={mine.status === status ? "" : undefined}
            className="menu-item status-choice"
            onClick={() => {
              pick({ status });
              onDone();
            }}
          >
            <StatusMark status={status} silent />
            <span>
              {t(`status.${status}`)}
              {status !== "online" && <small className="muted">{t(`status.${status}.hint`)}</small>}
            </span>
          </button>
        ))}
      </div>
      <MessageForm
        mine={mine}
        onSave={(change) => {
          pick(change);
          onDone();
        }}
      />
    </div>
  );
}

function MessageForm({ mine, onSave }: { mine: Chosen; onSave: (change: Partial<Chosen>) => void }) {
  const t = useWords();
  const [message, setMessage] = useState(mine.message ?? "");
  const [emoji, setEmoji] = useState(mine.emoji ?? "");
  const [until, setUntil] = useState("never");
  const clear = () => onSave({ message: null, emoji: null, expiresAt: null });
  return (
    <form
      className="status-message"
      onSubmit={(event) => {
        event.preventDefault();
        onSave({ message: message.trim() || null, emoji: emoji || null, expiresAt: expiry(until) });
      }}
    >
      <div className="message-row">
        <span className="message-emoji" aria-hidden="true">{emoji || "💬"}</span>
        <input
          className="input"
          aria-label={t("status.message")}
          placeholder={t("status.messagePlaceholder")}
          maxLength={128}
          value={message}
          onChange={(event) => setMessage(event.target.value)}
        />
        {(mine.message || mine.emoji) && (
          <IconButton
            icon="close"
            label={t("status.clear")}
            size={14}
            onClick={clear}
          />
        )}
      </div>
      <EmojiRow emoji={emoji} onPick={setEmoji} />
      <SelectField label={t("status.clearAfter")} value={until} onChange={(event) => setUntil(event.target.value)}>
        {expiries(t)}
      </SelectField>
      <Button type="submit" look="primary">{t("status.save")}</Button>
    </form>
  );
}

/** A few emojis; the one that is chosen, chosen again, is none. */
export function EmojiRow({ emoji, onPick }: { emoji: string; onPick: (emoji: string) => void }) {
  const t = useWords();
  return (
    <div className="emoji-row" role="group" aria-label={t("status.emoji")}>
      {emojis.map((each) => (
        <button
          key={each}
          type="button"
          className="emoji"
          aria-pressed={emoji === each}
          aria-label={each}
          onClick={() => onPick(emoji === each ? "" : each)}
        >
          {each}
        </button>
      ))}
    </div>
  );
}

/** The choices that `expiry` reads. */
export function expiries(t: Words): JSX.Element {
  return (
    <>
      <option value="never">{t("status.after.never")}</option>
      <option value="1">{t("status.after.1")}</option>
      <option value="4">{t("status.after.4")}</option>
      <option value="today">{t("status.after.today")}</option>
    </>
  );
}
