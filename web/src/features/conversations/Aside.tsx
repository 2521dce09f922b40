import "./aside.css";
import { useEffect, useState } from "react";
import { get, type Page } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { useQuery } from "../../lib/query";
import { asRaw, asText, nameOf } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { Button, IconButton } from "../../ui/Button";
import { DateField } from "../../ui/DateField";
import { SearchBox } from "../../ui/SearchBox";
import { Segmented } from "../../ui/Segmented";
import { Sheet } from "../../ui/Sheet";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { sayProblem } from "../../ui/Toasts";
import { Avatar } from "../presence/Avatar";
import { useCard } from "../presence/cards";
import { ChannelDetails } from "./ChannelDetails";
import { GroupDetails } from "./GroupDetails";
import { Markdown } from "./MessageText";
import { type Conversation, type Message, readMessage } from "./shapes";
import { conversations } from "./store";

export const sides = ["pins", "search", "details"] as const;
export type Side = (typeof sides)[number];

interface AsideProps {
  side: Side;
  conversation: Conversation;
  onClose: () => void;
  onJump: (id: string) => void;
}

/** The panel beside a conversation: pins, search, settings. */
export function Aside({ side, conversation, onClose, onJump }: AsideProps) {
  const t = useWords();
  const title = t(
    side === "pins"
      ? "chat.pins"
      : side === "search"
      ? "chat.search"
      : conversation.kind === "channel"
      ? "chat.channelDetails"
      : "chat.details",
  );
  return (
    <Sheet label={title}>
      <header className="side-head">
        <h2>{title}</h2>
        <IconButton icon="close" label={t("common.close")} onClick={onClose} />
      </header>
      {side === "pins" && <Pins conversation={conversation} onJump={onJump} />}
      {side === "search" && <Search conversation={conversation} onJump={onJump} />}
      {side === "details" && (conversation.kind === "channel"
        ? <ChannelDetails conversation={conversation} />
        : <GroupDetails conversation={conversation} />)}
    </Sheet>
  );
}

function Pins({ conversation, onJump }: { conversation: Conversation; onJump: (id: string) => void }) {
  const t = useWords();
  const { data, problem, reload } = useQuery<Message[]>(
    `pins:${conversation.id}`,
    (signal) =>
      get<Page<unknown>>(`/conversations/${conversation.id}/pins`, {}, signal).then(({ items }) =>
        items.map(readMessage)
      ),
    { fresh: 0 },
  );
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={3} shape="card" />;
  if (data.length === 0) {
    return <EmptyState icon="pin" title={t("chat.pins.none.title")} text={t("chat.pins.none.text")} />;
  }
  return (
    <ul role="list" className="hits" aria-label={t("chat.pins")}>
      {data.map((message) => <Hit key={message.id} message={message} where={null} onGo={() => onJump(message.id)} />)}
    </ul>
  );
}

interface HitProps {
  message: Message;
  where: string | null;
  onGo: () => void;
}

function Hit({ message, where, onGo }: HitProps) {
  const t = useWords();
  const author = useCard(message.author_id);
  return (
    <li className="hit">
      {author && <Avatar user={author} size="small" />}
      <div className="grow">
        <div className="hit-head">
          <b className="cut">{author ? nameOf(author) : t("chat.somebody")}</b>
          {where && <span className="tiny muted cut">{where}</span>}
          <span className="tiny muted">
            <Time at={message.created_at} />
          </span>
        </div>
        <Markdown text={message.content} mentions={message.mentions} />
        <Button look="quiet" onClick={onGo}>{t("chat.jump")}</Button>
      </div>
    </li>
  );
}

/** Goes to the first message of a day in the reader's time zone, or to the next message after it. */
function GoToDate({ conversation, onJump }: { conversation: Conversation; onJump: (id: string) => void }) {
  const t = useWords();
  const [day, setDay] = useState("");
  const [busy, setBusy] = useState(false);
  const go = async () => {
    const begin = new Date(`${day}T00:00`);
    if (Number.isNaN(begin.getTime()) || begin.getFullYear() < 2015) return;
    setBusy(true);
    try {
      const query = { at: begin.toISOString(), limit: 1 };
      const { items } = await get<Page<unknown>>(`/conversations/${conversation.id}/messages`, query);
      if (items.length > 0) onJump(readMessage(items[0]).id);
    } catch (error) {
      sayProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <DateField
        label={t("chat.date")}
        min="2015-01-01"
        max={new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}
        value={day}
        onChange={(event) => setDay(event.target.value)}
      />
      <Button type="submit" busy={busy} disabled={day === ""}>{t("chat.date.go")}</Button>
    </form>
  );
}

interface Found {
  message: Message;
  where: { id: string; name: string | null; kind: string };
}

function Search({ conversation, onJump }: { conversation: Conversation; onJump: (id: string) => void }) {
  const t = useWords();
  const [text, setText] = useState("");
  const [wanted, setWanted] = useState("");
  const [scope, setScope] = useState<"here" | "all">("here");
  useEffect(() => {
    const timer = setTimeout(() => setWanted(text.trim()), 250);
    return () => clearTimeout(timer);
  }, [text]);
  const query = { q: wanted, limit: 50, ...(scope === "here" ? { conversation: conversation.id } : {}) };
  const { data, problem, reload } = useQuery<Found[]>(
    wanted === "" ? null : `search:${scope === "here" ? conversation.id : ""}:${wanted}`,
    (signal) =>
      get<Page<unknown>>("/search/messages", query, signal).then(({ items }) =>
        items.map((raw) => {
          const where = asRaw(asRaw(raw)["conversation"]);
          return {
            message: readMessage(raw),
            where: { id: asText(where["id"]) ?? "", name: asText(where["name"]), kind: asText(where["kind"]) ?? "" },
          };
        })
      ),
  );
  const go = ({ message, where }: Found) => {
    const known = conversations.get(message.conversation_id);
    const isChannel = (known?.kind ?? where.kind) === "channel";
    const path = isChannel
      ? `/channels/${encodeURIComponent(known?.name ?? where.name ?? "")}`
      : `/direct/${message.conversation_id}`;
    navigate(`${path}?at=${message.id}&side=search`);
  };
  return (
    <div className="stack tight side-search">
      <SearchBox label={t("chat.search.label")} value={text} onChange={setText} />
      <Segmented
        legend={t("chat.search.where")}
        value={scope}
        onChange={setScope}
        segments={[
          { value: "here", label: t("chat.search.here") },
          { value: "all", label: t("chat.search.all") },
        ]}
      />
      {wanted === "" && <GoToDate conversation={conversation} onJump={onJump} />}
      {problem && !data && <ErrorState problem={problem} onRetry={reload} />}
      {wanted !== "" && !data && !problem && <Skeleton rows={3} shape="card" />}
      {data?.length === 0 && (
        <EmptyState icon="search" title={t("chat.search.none.title")} text={t("chat.search.none.text")} />
      )}
      {data && data.length > 0 && (
        <ul role="list" className="hits" aria-label={t("chat.search.found")}>
          {data.map((found) => (
            <Hit
              key={found.message.id}
              message={found.message}
              where={scope === "all" ? found.where.name : null}
              onGo={() => go(found)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}
