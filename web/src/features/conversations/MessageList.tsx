import "./messages.css";
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { type ListView, MeasuredList, type MeasuredListHandle } from "../../ui/MeasuredList";
import { ErrorState } from "../../ui/States";
import { useWaiting } from "../../ui/Waiting";
import { namesOf } from "../files/index";
import { cards } from "../presence/cards";
import { plainText } from "./markdownText";
import { MessageRow, type RowActs } from "./MessageRow";
import { receipts, receiptsOf } from "./receipts";
import type { Room } from "./room";
import { type Row, rowsOf } from "./rows";
import { outbox } from "./sending";
import type { Conversation } from "./shapes";
import { mine } from "./store";
import { systemText } from "./system";

type Item = { key: string; row: Row | null };

interface MessageListProps {
  room: Room;
  conversation: Conversation;
  title: string;
  /** Shown above the first message. */
  start: ReactNode;
  acts: RowActs;
  edited: string | null;
  /** Increases with each jump. */
  turn: number;
}

const nobody: ListView = { first: null, last: null, isAtEnd: false, isAway: false };

/** The messages of a conversation: paged in both directions without a jump, with the line above new messages, and unsent messages. */
export function MessageList({ room, conversation, title, start, acts, edited, turn }: MessageListProps) {
  const t = useWords();
  const state = useStore(room.state);
  const all = useStore(outbox.pending);
  const pending = useMemo(() => all.filter((each) => each.conversation === room.id), [all, room.id]);
  const list = useRef<MeasuredListHandle>(null);
  const [view, setView] = useState(nobody);
  const attends = useAttention();
  const seen = receiptsOf(useStore(receipts), room.id);
  const rows = useMemo(
    () => rowsOf(state.items, state.hasAfter ? [] : pending, state.newFrom, mine.id, seen),
    [state.items, state.hasAfter, pending, state.newFrom, seen],
  );
  const items = useMemo((): Item[] => {
    const first = state.hasBefore
      ? { key: `more-${state.items[0]?.id ?? ""}`, row: null }
      : { key: "start", row: null };
    const last = state.hasAfter ? [{ key: `after-${state.items[state.items.length - 1]?.id ?? ""}`, row: null }] : [];
    return [first, ...rows.map((row) => ({ key: row.key, row })), ...last];
  }, [rows, state.hasBefore, state.hasAfter]);
  const lastSeq = state.items[state.items.length - 1]?.seq ?? 0;
  const isSeen = view.isAtEnd && !state.hasAfter && attends && !state.loading;
  useEffect(() => {
    if (!isSeen) return;
    room.seenEnd();
    if (lastSeq > 0) room.markRead(Math.max(lastSeq, conversation.last_seq === lastSeq ? lastSeq : 0));
  }, [isSeen, lastSeq]);

  // A sent message is scrolled into view.
  const newest = pending[pending.length - 1]?.key ?? null;
  const sent = useRef(newest);
  useEffect(() => {
    if (newest !== null && newest !== sent.current) {
      if (state.hasAfter) void room.open(null);
      else list.current?.toEnd();
    }
    sent.current = newest;
  }, [newest]);

  if (state.problem && state.items.length === 0) {
    return <ErrorState problem={state.problem} onRetry={() => void room.open(null)} />;
  }
  if (state.loading) return <ComingMessages />;
  const target = rows.find(({ message }) => message?.id === state.target)?.key ?? null;
  const newKey = rows.find(({ isFirstNew }) => isFirstNew)?.key;
  const isNewAbove = newKey !== undefined && isBefore(rows, newKey, view.first);
  const toLatest = () => {
    if (state.hasAfter) void room.open(null).then(() => list.current?.toEnd());
    else list.current?.toEnd();
  };
  return (
    <div className="messages" onKeyDown={moveBetween}>
      <MeasuredList
        key={`${room.id}-${turn}-${state.target ?? ""}`}
        ref={list}
        label={t("chat.messages", { where: title })}
        items={items}
        keyOf={(item) => item.key}
        guess={48}
        anchor="bottom"
        around={target}
        className="messages-list"
        onBefore={state.hasBefore ? () => void room.before() : null}
        onAfter={state.hasAfter ? () => void room.after() : null}
        onView={setView}
        render={({ key, row }) =>
          row
            ? (
              <MessageRow
                row={row}
                acts={acts}
                isEdited={row.message !== null && row.message.id === edited}
                isTarget={turn > 0 && row.message?.id === state.target}
              />
            )
            : key === "start"
            ? <>{start}</>
            : <ComingMessages rows={3} />}
      />
      {isNewAbove && newKey !== undefined && (
        <div className="messages-pill above">
          <button type="button" onClick={() => list.current?.reveal(newKey)}>
            <Icon name="up" /> {t("chat.toNew")}
          </button>
          <button type="button" onClick={() => room.markRead(conversation.last_seq)}>{t("chat.markRead")}</button>
        </div>
      )}
      {(view.isAway || state.hasAfter) && (
        <Button className="messages-pill below" icon="down" onClick={toLatest}>
          {state.below > 0 ? t("chat.newBelow", { count: state.below }) : t("chat.toLatest")}
        </Button>
      )}
      <Spoken room={room} />
    </div>
  );
}

const isBefore = (rows: readonly Row[], key: string, first: string | null): boolean => {
  const [one, other] = [rows.findIndex((row) => row.key === key), rows.findIndex((row) => row.key === first)];
  return one >= 0 && other >= 0 && one < other;
};

/** Arrows move between messages; Home and End go to the ends of the loaded ones. */
function moveBetween(event: KeyboardEvent<HTMLDivElement>): void {
  const at = event.target as HTMLElement;
  const isMessage = at.classList.contains("message");
  if (!isMessage && !at.classList.contains("measured-scroll")) return;
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(".message")]
    .sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top);
  const step = event.key === "ArrowUp" ? -1 : 1;
  const bottom = event.currentTarget.getBoundingClientRect().bottom;
  const next = isMessage
    ? all[all.indexOf(at) + step]
    : [...all].reverse().find((each) => each.getBoundingClientRect().bottom <= bottom);
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/** Whether the window is visible and focused; otherwise nothing in it is marked as read. */
function useAttention(): boolean {
  const [attends, set] = useState(() => !document.hidden && document.hasFocus());
  useEffect(() => {
    const look = () => set(!document.hidden && document.hasFocus());
    addEventListener("focus", look);
    addEventListener("blur", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      removeEventListener("focus", look);
      removeEventListener("blur", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return attends;
}

const mostSpoken = 5;

/** Announces new messages once, and not older ones that are loaded. */
function Spoken({ room }: { room: Room }) {
  const t = useWords();
  const { items, hasAfter, loading } = useStore(room.state);
  const known = useRef<number | null>(null);
  const [said, setSaid] = useState<readonly { id: string; text: string }[]>([]);
  const last = items[items.length - 1]?.seq ?? 0;
  useEffect(() => {
    const before = known.current;
    if (loading || hasAfter) return;
    known.current = last;
    if (before === null || last <= before) return;
    const fresh = items.filter(({ seq, author_id, deleted_at }) => seq > before && author_id !== mine.id && !deleted_at)
      .map((message) => {
        const { id, author_id, content, attachments } = message;
        if (message.kind === "system") return { id, text: systemText(message) };
        const author = cards.get(author_id);
        return {
          id,
          text: `${author ? nameOf(author) : t("chat.somebody")}: ${plainText(content) || namesOf(attachments)}`,
        };
      });
    if (fresh.length > 0) setSaid((all) => [...all, ...fresh].slice(-mostSpoken));
  }, [last, loading, hasAfter]);
  return (
    <div className="hidden" role="log" aria-live="polite" aria-label={t("chat.log")}>
      {said.map(({ id, text }) => <p key={id}>{text}</p>)}
    </div>
  );
}

/** Placeholders of loading messages. */
export function ComingMessages({ rows = 9 }: { rows?: number }) {
  const t = useWords();
  useWaiting();
  return (
    <div className="messages-coming">
      <span className="hidden">{t("common.loading")}</span>
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} className="skeleton message-shape" aria-hidden="true">
          <i className="disc" />
          <i className={`bar thin w${(at % 3) + 1}`} />
          <i className={`bar w${((at + 1) % 4) + 1}`} />
        </div>
      ))}
    </div>
  );
}
