import "./message.css";
import { type KeyboardEvent, memo, useRef, useState } from "react";
import { Part, Slot } from "../../contract/Part";
import { type Language, locale, useLanguage, useWords } from "../../lib/i18n";
import { modulesOn } from "../../lib/modules";
import { nameOf } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { exact } from "../../lib/time";
import { IconButton } from "../../ui/Button";
import { copy } from "../../ui/copy";
import { Icon } from "../../ui/Icon";
import { Menu, type MenuItem } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { Skeleton } from "../../ui/States";
import { emojiPicker } from "../emoji/index";
import { namesOf } from "../files/index";
import { titlesLinkedIn } from "../media/links";
import { Avatar } from "../presence/Avatar";
import { useCard } from "../presence/cards";
import { usePresence } from "../presence/presences";
import { EditHistory } from "./EditHistory";
import { EditMessage } from "./EditMessage";
import { Markdown } from "./MessageText";
import { plainText } from "./markdownText";
import { MessageFiles } from "./MessageFiles";
import { nameFrom, Reactions, Seen, Sending } from "./MessageMarks";
import type { Row } from "./rows";
import { deleteMessage, setPinned, toggleReaction } from "./sending";
import type { Message } from "./shapes";
import { heldRoom } from "./room";
import { addressOf, conversations, mine } from "./store";
import { systemIcon, systemText } from "./system";

export interface RowActs {
  reply: (message: Message) => void;
  edit: (message: Message | null) => void;
  jump: (id: string) => void;
  canWrite: boolean;
  canModerate: boolean;
  isDirect: boolean;
}

interface RowProps {
  row: Row;
  acts: RowActs;
  isEdited: boolean;
  isTarget: boolean;
}

const clock = (at: number, of: Language): string =>
  new Intl.DateTimeFormat(locale(of), { hour: "2-digit", minute: "2-digit" }).format(at);

const dayName = (at: number, of: Language): string => {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - at) / 86_400_000);
  if (days === 0 || days === 1) {
    return new Intl.RelativeTimeFormat(locale(of), { numeric: "auto" }).format(-days, "day");
  }
  return new Intl.DateTimeFormat(locale(of), { weekday: "long", day: "numeric", month: "long", year: "numeric" })
    .format(at);
};

/** A message with the day or the “new” line above it. */
export const MessageRow = memo(function MessageRow(props: RowProps) {
  const { row } = props;
  const t = useWords();
  const of = useLanguage();
  return (
    <>
      {(row.day !== null || row.isFirstNew) && (
        <div className={`message-line ${row.isFirstNew ? "new" : ""}`} role="separator">
          {row.day !== null && <span>{dayName(row.day, of)}</span>}
          {row.isFirstNew && <strong>{t("chat.new")}</strong>}
        </div>
      )}
      <Body {...props} />
    </>
  );
});

function Body({ row, acts, isEdited, isTarget }: RowProps) {
  const t = useWords();
  const of = useLanguage();
  const { message, pending } = row;
  const authorId = message?.author_id ?? mine.id;
  const author = useCard(authorId);
  const [isOver, setOver] = useState(false);
  const [history, setHistory] = useState(false);
  const [reports, setReports] = useState(false);
  const at = message ? Date.parse(message.created_at) : pending?.at ?? 0;
  const name = author ? nameOf(author) : t("chat.somebody");
  if (message?.kind === "system") return <Line message={message} at={at} jump={acts.jump} />;
  const isGone = row.isTombstone;
  const titles = isGone ? [] : titlesLinkedIn(message?.content ?? pending?.content ?? "", location.origin);
  const files = isGone ? [] : message?.attachments ?? pending?.files ?? [];
  const mentionsMe = message !== null && !isGone &&
    (message.mentions.everyone || message.mentions.users.some(({ id }) => id === mine.id));
  const classes = [
    "message",
    row.isFollowUp ? "follow-up" : "",
    mentionsMe ? "mentions-me" : "",
    isTarget ? "target" : "",
    pending ? "pending" : "",
    pending?.refusal ? "failed" : "",
  ];
  return (
    <article
      className={classes.join(" ")}
      tabIndex={-1}
      data-id={message?.id}
      aria-label={t("chat.message.label", {
        name,
        time: clock(at, of),
        text: isGone
          ? t("chat.deleted")
          : [plainText(message?.content ?? pending?.content ?? "", nameFrom), namesOf(files)].filter(Boolean).join(
            ". ",
          ),
      })}
      onMouseEnter={() => setOver(true)}
      onMouseLeave={() => setOver(false)}
      onFocus={() => setOver(true)}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setOver(false)}
      onKeyDown={(event) => message && !isGone && onKey(event, message, acts)}
    >
      {message?.reply_to && <Quoted message={message} jump={acts.jump} />}
      {row.isFollowUp
        ? (
          <time className="message-side" dateTime={new Date(at).toISOString()} title={exact(at, of)}>
            {clock(at, of)}
          </time>
        )
        : author
        ? <Face id={authorId} />
        : <span className="avatar medium face-4" aria-hidden="true" />}
      <div className="message-main">
        {!row.isFollowUp && (
          <header className="message-head">
            <span className="message-author">{name}</span>
            <time dateTime={new Date(at).toISOString()} title={exact(at, of)}>{clock(at, of)}</time>
            {row.seenBy && <Seen by={row.seenBy} isDirect={acts.isDirect} />}
            {message?.pinned_at && (
              <span className="tiny muted message-pin">
                <Icon name="pin" size={12} /> {t("chat.pinned")}
              </span>
            )}
          </header>
        )}
        {isGone
          ? <p className="message-gone">{t("chat.deleted")}</p>
          : isEdited && message
          ? <EditMessage message={message} onDone={() => acts.edit(null)} />
          : (
            <div className="message-text">
              <Markdown
                text={message?.content ?? pending?.content ?? ""}
                {...(message ? { mentions: message.mentions } : {})}
              />
              {message?.edited_at && (
                <button
                  type="button"
                  className="message-edited"
                  title={exact(Date.parse(message.edited_at), of)}
                  aria-haspopup="dialog"
                  onClick={() => setHistory(true)}
                >
                  {t("chat.edited")}
                </button>
              )}
            </div>
          )}
        {files.length > 0 && <MessageFiles files={files} />}
        {titles.length > 0 && (
          <Slot name="titles.cards" ids={titles} coming={<div style={{ height: titles.length * 124 }} />} />
        )}
        {message && !isGone && message.reactions.length > 0 && <Reactions message={message} acts={acts} />}
        {pending && <Sending of={pending.key} refusal={pending.refusal} />}
      </div>
      {history && message && <EditHistory message={message} onClose={() => setHistory(false)} />}
      {row.seenBy && row.isFollowUp && <Seen by={row.seenBy} isDirect={acts.isDirect} />}
      {message && !isGone && !isEdited && isOver && (
        <Tools
          message={message}
          acts={acts}
          onReport={() => setReports(true)}
        />
      )}
      {reports && message && (
        <Slot
          name="report"
          target="message"
          id={message.id}
          called={name}
          onClose={() => setReports(false)}
        />
      )}
    </article>
  );
}

/** A system message. */
function Line({ message, at, jump }: { message: Message; at: number; jump: (id: string) => void }) {
  const t = useWords();
  const of = useLanguage();
  useCard(message.author_id);
  useCard(message.system?.user_id ?? null);
  const pinned = message.system?.type === "message_pinned" ? message.system.message_id : null;
  return (
    <article className="message message-system" tabIndex={-1} data-id={message.id}>
      <Icon name={systemIcon(message)} size={14} />
      <p>
        {systemText(message)}
        {pinned !== null && (
          <>
            {" "}
            <button type="button" className="link" onClick={() => jump(pinned)}>{t("chat.system.show")}</button>
          </>
        )} <time dateTime={message.created_at} title={exact(at, of)}>{clock(at, of)}</time>
      </p>
    </article>
  );
}

function Face({ id }: { id: string }) {
  const card = useCard(id);
  const presence = usePresence(
    id,
    card?.presence ??
      { status: "offline", status_message: null, status_emoji: null, activity: null, last_seen_at: null, version: 0 },
  );
  return card ? <Avatar user={card} status={presence.status} /> : null;
}

function onKey(event: KeyboardEvent<HTMLElement>, message: Message, acts: RowActs): void {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "r" && acts.canWrite) {
    event.preventDefault();
    acts.reply(message);
  } else if (event.key === "e" && message.author_id === mine.id) {
    event.preventDefault();
    acts.edit(message);
  } else if (event.key === "Delete" && message.author_id === mine.id) {
    event.preventDefault();
    deleteMessage(message);
  }
}

function Quoted({ message, jump }: { message: Message; jump: (id: string) => void }) {
  const t = useWords();
  const quote = message.reply_to;
  const author = useCard(quote?.author_id ?? null);
  if (!quote) return null;
  const text = quote.deleted ? t("chat.deleted") : plainText(quote.content);
  return (
    <button type="button" className="message-quote" onClick={() => jump(quote.id)}>
      <span className="hidden">{t("chat.replyTo")}</span>
      {author && <b>{nameOf(author)}</b>}
      <span className="cut">{text}</span>
    </button>
  );
}

/** The actions of a message: shown on hover, and reached by Tab. */
function Tools({ message, acts, onReport }: { message: Message; acts: RowActs; onReport: () => void }) {
  const t = useWords();
  const anchor = useRef<HTMLButtonElement>(null);
  const [picks, setPicks] = useState(false);
  const isMine = message.author_id === mine.id;
  const modules = useStore(modulesOn);
  const moderates = modules?.includes("moderation") ?? false;
  const conversation = conversations.get(message.conversation_id);
  const link = () => conversation && copy(`${location.origin}${addressOf(conversation)}?at=${message.id}`);
  const items: MenuItem[] = [
    ...(acts.canModerate || conversation?.kind !== "channel"
      ? [{
        label: t(message.pinned_at ? "chat.unpin" : "chat.pin"),
        icon: "pin" as const,
        onSelect: () => void setPinned(message, message.pinned_at === null),
      }]
      : []),
    { label: t("chat.copyText"), icon: "copy", onSelect: () => void copy(message.content) },
    { label: t("chat.copyLink"), icon: "globe", onSelect: () => void link() },
    {
      label: t("chat.markUnread"),
      icon: "inbox",
      onSelect: () => heldRoom(message.conversation_id)?.markUnread(message),
    },
    ...(moderates && !isMine ? [{ label: t("chat.report"), icon: "warning" as const, onSelect: onReport }] : []),
    ...(isMine || acts.canModerate
      ? [{
        label: t("chat.delete"),
        icon: "trash" as const,
        danger: true,
        onSelect: () => deleteMessage(message),
      }]
      : []),
  ];
  return (
    <div className="message-tools">
      {acts.canWrite && (
        <>
          <IconButton
            ref={anchor}
            icon="smile"
            label={t("chat.react")}
            aria-haspopup="dialog"
            aria-expanded={picks}
            onClick={() => setPicks(!picks)}
          />
          <IconButton icon="reply" label={t("chat.reply")} onClick={() => acts.reply(message)} />
        </>
      )}
      {isMine && <IconButton icon="edit" label={t("chat.edit")} onClick={() => acts.edit(message)} />}
      <Menu label={t("chat.more")} items={items} />
      {picks && (
        <Popover
          anchor={anchor}
          label={t("chat.react")}
          align="end"
          className="emoji-popover"
          onClose={() => setPicks(false)}
        >
          <Part
            of={emojiPicker}
            props={{
              onPick: (emoji) => {
                setPicks(false);
                const known = message.reactions.find((each) => each.emoji === emoji);
                if (!known?.mine) void toggleReaction(message, emoji);
              },
            }}
            coming={<Skeleton rows={4} />}
          />
        </Popover>
      )}
    </div>
  );
}
