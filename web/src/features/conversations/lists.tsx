import "./lists.css";
import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { recall, remember } from "../../lib/memory";
import { nameOf } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { ErrorState, Skeleton } from "../../ui/States";
import { useCan } from "../accounts/session";
import { namesOf } from "../files/index";
import { Avatar } from "../presence/Avatar";
import { cards, useCard } from "../presence/cards";
import { useInterest } from "../presence/interest";
import { usePresence } from "../presence/presences";
import { ActivityLine, StatusLine } from "../presence/StatusLine";
import { ChannelForm } from "./ChannelForm";
import { drafted } from "./drafts";
import { plainText } from "./markdownText";
import { NewConversation } from "./NewConversation";
import type { Conversation } from "./shapes";
import {
  addressOf,
  categories,
  changes,
  channels,
  directs,
  groupEmoji,
  isMuted,
  listed,
  mine,
  otherOf,
  readAll,
  titleOf,
} from "./store";
import { systemText } from "./system";

interface ListProps {
  path: string;
}

/** Direct and group conversations in the sidebar, the latest first. */
export function DirectList({ path }: ListProps) {
  const t = useWords();
  const { state, problem } = useStore(listed);
  useStore(changes);
  const [begins, setBegins] = useState(false);
  const mayBegin = useCan("conversations.create");
  const all = directs();
  useInterest(all.slice(0, 60).flatMap((each) => (each.kind === "direct" ? otherOf(each)?.id ?? [] : [])));
  return (
    <section className="side-section side-list" aria-labelledby="direct-list">
      <div className="side-list-head">
        <h2 id="direct-list" className="side-text">{t("chat.direct")}</h2>
        {mayBegin && <IconButton icon="plus" size={16} label={t("chat.begin")} onClick={() => setBegins(true)} />}
      </div>
      {state === "loading" && <Skeleton rows={4} />}
      {state === "failed" && problem && <ErrorState problem={problem} onRetry={() => void readAll()} />}
      {state === "here" && all.length === 0 && (
        <p className="tiny muted side-text side-list-none">{t("chat.direct.none")}</p>
      )}
      <ul role="list" aria-labelledby="direct-list">
        {all.map((each) => (
          <li key={each.id}>
            <DirectLink conversation={each} isCurrent={path === `/direct/${each.id}`} />
          </li>
        ))}
      </ul>
      {begins && <NewConversation onClose={() => setBegins(false)} />}
    </section>
  );
}

function DirectLink({ conversation, isCurrent }: { conversation: Conversation; isCurrent: boolean }) {
  const t = useWords();
  const other = otherOf(conversation);
  const known = useCard(other?.id ?? null);
  const card = known ?? other;
  const presence = usePresence(other?.id ?? "", card?.presence ?? away);
  const hasDraft = useStore(drafted, (all) => all[conversation.id] ?? false);
  const muted = isMuted(conversation);
  const unread = muted ? conversation.mentions : conversation.unread ?? 0;
  const title = conversation.kind === "direct" && card ? nameOf(card) : titleOf(conversation, t("chat.alone"));
  const last = conversation.last_message;
  return (
    <Link
      href={addressOf(conversation)}
      className={`side-link direct-link ${unread > 0 ? "new" : ""} ${muted ? "quiet" : ""}`}
      title={title}
      aria-current={isCurrent ? "page" : undefined}
    >
      {conversation.kind === "direct" && card
        ? <Avatar user={card} status={presence.status} />
        : <Faces conversation={conversation} />}
      <span className="side-text grow">
        <span className="name cut">{title}</span>
        <span className="tiny cut">
          {hasDraft
            ? t("chat.draft")
            : last
            ? <Preview conversation={conversation} />
            : presence.activity
            ? <ActivityLine presence={presence} />
            : conversation.kind === "direct" && <StatusLine presence={presence} />}
        </span>
      </span>
      <Unread count={unread} mentions={0} />
    </Link>
  );
}

const away = {
  status: "offline",
  status_message: null,
  status_emoji: null,
  activity: null,
  last_seen_at: null,
  version: 0,
} as const;

function Faces({ conversation }: { conversation: Conversation }) {
  const others = conversation.members.filter(({ id }) => id !== mine.id).slice(0, 2);
  const emoji = groupEmoji(conversation);
  if (emoji !== null) return <span className="group-emoji" aria-hidden="true">{emoji}</span>;
  return (
    <span className="faces" aria-hidden="true">
      {others.length === 0 && <Icon name="members" />}
      {others.map((each) => <Avatar key={each.id} user={cards.get(each.id) ?? each} size="small" />)}
    </span>
  );
}

function Preview({ conversation }: { conversation: Conversation }) {
  const t = useWords();
  const last = conversation.last_message;
  if (!last) return null;
  if (last.deleted_at) return <>{t("chat.deleted")}</>;
  if (last.kind === "system") return <>{systemText(last)}</>;
  const text = plainText(last.content, (id) => nameFrom(id)) || namesOf(last.attachments);
  if (last.author_id === mine.id) return <>{t("chat.you", { text })}</>;
  const author = cards.get(last.author_id);
  return <>{conversation.kind === "group" && author ? `${nameOf(author)}: ${text}` : text}</>;
}

const nameFrom = (id: string): string | null => {
  const card = cards.get(id);
  return card ? nameOf(card) : null;
};

function Unread({ count, mentions }: { count: number; mentions: number }) {
  const t = useWords();
  if (count === 0 && mentions === 0) return null;
  const shown = Math.max(count, mentions);
  return (
    <>
      <span className="pill num" aria-hidden="true">
        {mentions > 0 && count !== mentions ? `@${mentions}` : shown > 99 ? "99+" : shown}
      </span>
      <span className="hidden">{t("chat.unread", { count: shown })}</span>
    </>
  );
}

const foldedKey = "channels.folded";

/** Channels by category in the sidebar. */
export function ChannelList({ path }: ListProps) {
  const t = useWords();
  const { state, problem } = useStore(listed);
  useStore(changes);
  const groups = useStore(categories);
  const manages = useCan("channels.manage");
  const [makes, setMakes] = useState<{ category: string | null } | null>(null);
  const [folded, setFolded] = useState<readonly string[]>(() => recall(foldedKey)?.split(",") ?? []);
  const fold = (id: string) => {
    const next = folded.includes(id) ? folded.filter((each) => each !== id) : [...folded, id];
    remember(foldedKey, next.join() || null);
    setFolded(next);
  };
  const all = channels();
  const loose = all.filter(({ category_id }) => !groups.some(({ id }) => id === category_id));
  const current = decodeURIComponent(path.replace(/^\/channels\/?/, ""));
  if (state === "loading") return <Skeleton rows={6} />;
  if (state === "failed" && problem) return <ErrorState problem={problem} onRetry={() => void readAll()} />;
  const list = (some: readonly Conversation[], label: string) => (
    <ul role="list" aria-label={label}>
      {some.map((each) => (
        <li key={each.id}>
          <ChannelLink channel={each} isCurrent={each.name === current || each.id === current} />
        </li>
      ))}
    </ul>
  );
  return (
    <>
      {(loose.length > 0 || groups.length === 0) && (
        <section className="side-section side-list">
          <div className="side-list-head">
            <h2 className="side-text">{t("nav.channels")}</h2>
            {manages && (
              <IconButton
                icon="plus"
                size={16}
                label={t("chat.channel.create")}
                onClick={() => setMakes({ category: null })}
              />
            )}
          </div>
          {all.length === 0 && <p className="tiny muted side-text side-list-none">{t("chat.channels.none")}</p>}
          {list(loose, t("nav.channels"))}
        </section>
      )}
      {groups.map(({ id, name }) => {
        const inside = all.filter(({ category_id }) => category_id === id);
        const isFolded = folded.includes(id);
        // Unread channels of a folded category stay visible.
        const shown = isFolded ? inside.filter((each) => each.mentions > 0 || each.name === current) : inside;
        return (
          <section key={id} className="side-section side-list">
            <div className="side-list-head">
              <h2>
                <button type="button" aria-expanded={!isFolded} onClick={() => fold(id)}>
                  <Icon name={isFolded ? "right" : "down"} size={12} />
                  <span className="side-text cut">{name}</span>
                </button>
              </h2>
              {manages && (
                <IconButton
                  icon="plus"
                  size={16}
                  label={t("chat.channel.createIn", { name })}
                  onClick={() => setMakes({ category: id })}
                />
              )}
            </div>
            {list(shown, name)}
          </section>
        );
      })}
      {manages && all.length === 0 && (
        <Button icon="plus" onClick={() => setMakes({ category: null })}>{t("chat.channel.create")}</Button>
      )}
      {manages && all.length > 0 && (
        <Link href="/channels?arrange=1" className="side-link">
          <Icon name="settings" />
          <span className="side-text">{t("chat.arrange")}</span>
        </Link>
      )}
      {makes && <ChannelForm category={makes.category} onClose={() => setMakes(null)} />}
    </>
  );
}

function ChannelLink({ channel, isCurrent }: { channel: Conversation; isCurrent: boolean }) {
  const t = useWords();
  const muted = isMuted(channel);
  const isNew = !muted && (channel.unread === null ? channel.last_seq > 0 : channel.unread > 0);
  const icon = channel.announcement ? "megaphone" : channel.visibility === "private" ? "lock" : "hash";
  return (
    <Link
      href={addressOf(channel)}
      className={`side-link ${isNew ? "new" : ""} ${muted ? "quiet" : ""}`}
      title={channel.name ?? ""}
      aria-current={isCurrent ? "page" : undefined}
    >
      <Icon name={muted ? "bellOff" : icon} />
      <span className="side-text cut">{channel.name}</span>
      {channel.mentions > 0 ? <Unread count={channel.mentions} mentions={channel.mentions} /> : isNew && (
        <>
          <i className="dot" aria-hidden="true" />
          <span className="hidden">{t("chat.hasNew")}</span>
        </>
      )}
    </Link>
  );
}
