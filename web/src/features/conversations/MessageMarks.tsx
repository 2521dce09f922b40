// Below the text of a message: its reactions, the people who have read it, and whether it is sent.
import { useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { Icon } from "../../ui/Icon";
import { cards } from "../presence/cards";
import type { RowActs } from "./MessageRow";
import { outbox, toggleReaction } from "./sending";
import type { Message } from "./shapes";

/** The name of a person whose card is known. */
export const nameFrom = (id: string): string | null => {
  const card = cards.get(id);
  return card ? nameOf(card) : null;
};

const mostNamed = 3;

/** The people who have read a message. */
export function Seen({ by, isDirect }: { by: readonly string[]; isDirect: boolean }) {
  const t = useWords();
  const names = by.slice(0, mostNamed).map((id) => nameFrom(id) ?? t("chat.somebody")).join(", ");
  const rest = by.length - mostNamed;
  const text = isDirect
    ? t("chat.seen")
    : rest > 0
    ? t("chat.seenByMore", { names, count: rest })
    : t("chat.seenBy", { names });
  return (
    <span className="message-seen tiny" title={text}>
      <Icon name="eye" size={14} />
      {!isDirect && by.length > 1 && <span className="num" aria-hidden="true">{by.length}</span>}
      <span className="hidden">{text}</span>
    </span>
  );
}

/** The reactions, as switches. */
export function Reactions({ message, acts }: { message: Message; acts: RowActs }) {
  const t = useWords();
  return (
    <ul role="list" className="reactions" aria-label={t("chat.reactions")}>
      {message.reactions.map(({ emoji, count, mine: isMine }) => (
        <li key={emoji}>
          <button
            type="button"
            className="reaction"
            aria-pressed={isMine}
            aria-label={t("chat.reaction", { emoji, count })}
            disabled={!acts.canWrite}
            onClick={() => void toggleReaction(message, emoji)}
          >
            <span aria-hidden="true">{emoji}</span>
            <span className="num" aria-hidden="true">{count}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A message on its way, or the reason why it was refused. */
export function Sending({ of, refusal }: { of: string; refusal: string | null }) {
  const t = useWords();
  if (refusal === null) {
    return (
      <p className="message-state">
        <Icon name="clock" size={12} /> {t("chat.sending")}
      </p>
    );
  }
  return (
    <p className="message-state bad" role="alert">
      <Icon name="warning" size={14} />
      <span>{t("chat.notSent", { why: refusal })}</span>
      <button type="button" className="link" onClick={() => outbox.retry(of)}>{t("common.retry")}</button>
      <button type="button" className="link" onClick={() => outbox.withdraw(of)}>{t("common.delete")}</button>
    </p>
  );
}
