import "./conversations.css";
import { useEffect, useMemo, useState } from "react";
import type { PageProps } from "../../contract/page";
import { Slot } from "../../contract/Part";
import { useWords } from "../../lib/i18n";
import { remember } from "../../lib/memory";
import { Problem } from "../../lib/problem";
import { usePlace, useQueryState } from "../../lib/router";
import { useStore } from "../../lib/store";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState } from "../../ui/States";
import { useSession } from "../accounts/session";
import { Avatar } from "../presence/Avatar";
import { cards, useCard } from "../presence/cards";
import { useInterest } from "../presence/interest";
import { usePresence } from "../presence/presences";
import { StatusLine } from "../presence/StatusLine";
import { gateway } from "../../lib/live";
import { Aside, type Side, sides } from "./Aside";
import { lastChannel } from "./ChannelsPage";
import { Composer } from "./Composer";
import { ComingMessages, MessageList } from "./MessageList";
import type { RowActs } from "./MessageRow";
import { may } from "./rights";
import { readReceipts } from "./receipts";
import { roomOf } from "./room";
import type { Conversation, Message } from "./shapes";
import { changes, channelOf, groupEmoji, isMuted, listed, otherOf, readOne, titleOf, useConversation } from "./store";

export function DirectPage({ params }: PageProps) {
  const known = useConversation(params["id"] ?? null);
  const state = useStore(listed);
  const [missing, setMissing] = useState<Problem | null>(null);
  const id = params["id"] ?? "";
  useEffect(() => {
    setMissing(null);
    if (known || state.state === "loading") return;
    readOne(id).catch((error: unknown) => setMissing(error instanceof Problem ? error : null));
  }, [id, state.state, known === undefined]);
  return <Found conversation={known} problem={missing ?? state.problem} />;
}

export function ChannelPage({ params }: PageProps) {
  const state = useStore(listed);
  useStore(changes);
  const known = channelOf(params["name"] ?? "");
  const missing = !known && state.state === "here" ? new Problem(404, "not_found", "", "") : null;
  return <Found conversation={known} problem={missing ?? state.problem} />;
}

function Found({ conversation, problem }: { conversation: Conversation | undefined; problem: Problem | null }) {
  const t = useWords();
  if (conversation) return <ConversationPage key={conversation.id} conversation={conversation} />;
  return (
    <Page title={t("nav.messages")} fill before={<Back to="/direct" />}>
      {problem ? <ErrorState problem={problem} /> : <ComingMessages />}
    </Page>
  );
}

function Back({ to }: { to: string }) {
  const t = useWords();
  return (
    <Link href={to} className="icon-btn narrow-only" aria-label={t("chat.back")}>
      <Icon name="left" size={20} />
    </Link>
  );
}

/** The page of one conversation: messages, composer and side panel. */
function ConversationPage({ conversation }: { conversation: Conversation }) {
  const t = useWords();
  const { user } = useSession();
  const { id, kind } = conversation;
  const { key } = usePlace();
  const [query, setQuery] = useQueryState();
  const room = useMemo(() => roomOf(id), [id]);
  const state = useStore(room.state);
  const [reply, setReply] = useState<Message | null>(null);
  const [edited, setEdited] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const title = titleOf(conversation, t("chat.alone"));
  const other = otherOf(conversation);
  const at = query["at"] ?? null;
  // A second jump to the same message must work, too.
  const visit = at === null ? 0 : key;
  const side = sides.find((each) => each === query["side"]) ?? null;

  useEffect(() => {
    if (kind === "channel") remember(lastChannel, id);
  }, [id, kind]);
  useEffect(() => {
    room.watchers++;
    return () => {
      room.watchers--;
      room.leave();
    };
  }, [room]);
  useEffect(() => {
    if (kind !== "channel") void readReceipts(id);
    void room.open(at);
    if (at !== null) setTurn((count) => count + 1);
  }, [room, at, visit]);
  useEffect(() => {
    if (kind !== "channel") return;
    let isFirst = true;
    return gateway.subscribe(`conversation:${id}`, () => {
      // Reads events between the first read and the subscription.
      if (!isFirst || room.state.get().items.length > 0) void room.refresh(null);
      isFirst = false;
    });
  }, [id, kind]);
  useEffect(() => {
    if (kind !== "channel") return;
    return () => {
      // No events arrive for a channel that is not on screen.
      room.isStale = true;
    };
  }, [room, kind]);

  const canWrite = may(conversation, "write");
  const jump = (target: string) => setQuery({ at: target });
  const acts = useMemo((): RowActs => ({
    reply: setReply,
    edit: (message) => {
      setEdited(message?.id ?? null);
      if (message === null) document.querySelector<HTMLElement>(".composer textarea")?.focus();
    },
    jump,
    canWrite,
    canModerate: may(conversation, "moderate"),
    isDirect: kind === "direct",
  }), [canWrite, conversation.permissions, kind]);
  const editLast = () => {
    const own = [...state.items].reverse().find(({ author_id, deleted_at, kind: sort }) =>
      author_id === user.id && deleted_at === null && sort === "text"
    );
    if (own) setEdited(own.id);
  };
  const people = useMemo(
    () => [...new Set(state.items.map(({ author_id }) => author_id))].flatMap((each) => cards.get(each) ?? []),
    [state.items],
  );
  useInterest(useMemo(() => {
    const seen = conversation.members.length > 0 ? conversation.members : people;
    return seen.slice(0, 50).map((each) => each.id);
  }, [conversation.members, people]));

  const toggle = (which: Side) => setQuery({ side: side === which ? null : which });
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    // Escape closes one layer at a time; with none left it marks the conversation as read.
    if (side) setQuery({ side: null });
    else if (at) setQuery({ at: null });
    else room.markRead(conversation.last_seq);
  };
  return (
    <div className="contents" onKeyDown={onKeyDown}>
      <Page
        fill
        title={title}
        before={
          <>
            <Back to={kind === "channel" ? "/channels" : "/direct"} />
            <Mark conversation={conversation} />
          </>
        }
        after={<Subtitle conversation={conversation} />}
        actions={
          <>
            {isMuted(conversation) && <Icon name="bellOff" />}
            {kind === "direct" && other && <Slot name="call.start" user={other.id} called={title} />}
            <IconButton
              icon="pin"
              label={t("chat.pins")}
              aria-pressed={side === "pins"}
              onClick={() => toggle("pins")}
            />
            <IconButton
              icon="search"
              label={t("chat.search")}
              aria-pressed={side === "search"}
              onClick={() => toggle("search")}
            />
            <IconButton
              icon={kind === "channel" ? "settings" : "members"}
              label={t(kind === "channel" ? "chat.channelDetails" : "chat.details")}
              aria-pressed={side === "details"}
              onClick={() => toggle("details")}
            />
          </>
        }
        aside={side && (
          <Aside
            side={side}
            conversation={conversation}
            onClose={() => setQuery({ side: null })}
            onJump={jump}
          />
        )}
      >
        <MessageList
          room={room}
          conversation={conversation}
          title={title}
          start={<Start conversation={conversation} title={title} />}
          acts={acts}
          edited={edited}
          turn={turn}
        />
        {canWrite
          ? (
            <Composer
              conversation={conversation}
              title={kind === "channel" ? `#${title}` : title}
              people={people}
              reply={reply}
              setReply={setReply}
              editLast={editLast}
              onSent={() => at && setQuery({ at: null })}
            />
          )
          : <p className="composer-closed muted">{t(conversation.read_only ? "chat.readOnly" : "chat.noWriting")}</p>}
      </Page>
    </div>
  );
}

function Mark({ conversation }: { conversation: Conversation }) {
  const other = otherOf(conversation);
  const known = useCard(other?.id ?? null);
  const card = known ?? other;
  const presence = usePresence(
    other?.id ?? "",
    other?.presence ??
      { status: "offline", status_message: null, status_emoji: null, activity: null, last_seen_at: null, version: 0 },
  );
  if (conversation.kind === "direct" && card) return <Avatar user={card} status={presence.status} size="small" />;
  const emoji = groupEmoji(conversation);
  if (emoji !== null) return <span className="group-emoji small" aria-hidden="true">{emoji}</span>;
  const icon = conversation.kind === "group"
    ? "members"
    : conversation.visibility === "private"
    ? "lock"
    : conversation.announcement
    ? "megaphone"
    : "hash";
  return <Icon name={icon} size={18} />;
}

function Subtitle({ conversation }: { conversation: Conversation }) {
  const t = useWords();
  const other = otherOf(conversation);
  const presence = usePresence(
    other?.id ?? "",
    other?.presence ??
      { status: "offline", status_message: null, status_emoji: null, activity: null, last_seen_at: null, version: 0 },
  );
  if (conversation.kind === "direct") {
    return (
      <span className="subtitle tiny muted cut">
        <StatusLine presence={presence} />
      </span>
    );
  }
  const text = conversation.kind === "group"
    ? t("chat.people", { count: conversation.member_count || conversation.members.length })
    : conversation.topic;
  return text ? <span className="subtitle tiny muted cut" title={text}>{text}</span> : null;
}

function Start({ conversation, title }: { conversation: Conversation; title: string }) {
  const t = useWords();
  const icon = conversation.kind === "channel" ? "hash" : conversation.kind === "group" ? "members" : "message";
  return (
    <div className="messages-start">
      <EmptyState
        icon={icon}
        title={conversation.kind === "channel" ? `#${title}` : title}
        text={conversation.kind === "channel"
          ? conversation.topic ?? t("chat.start.channel")
          : t(conversation.kind === "group" ? "chat.start.group" : "chat.start.direct", { name: title })}
      />
    </div>
  );
}
