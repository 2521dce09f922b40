import { useRef, useState } from "react";
import { Part } from "../../contract/Part";
import { del, patch, put } from "../../lib/api";
import { useForm } from "../../lib/form";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { nameOf } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { Button, IconButton } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Popover } from "../../ui/Popover";
import { FormProblem, Skeleton } from "../../ui/States";
import { sayProblem } from "../../ui/Toasts";
import { useSession } from "../accounts/session";
import { emojiPicker } from "../emoji/index";
import { Avatar } from "../presence/Avatar";
import { type Card, useCard } from "../presence/cards";
import { usePresence } from "../presence/presences";
import { StatusLine } from "../presence/StatusLine";
import { NotifySettings } from "./NotifySettings";
import { PickPeople } from "./PickPeople";
import type { Conversation } from "./shapes";
import { conversations, groupEmoji, takeConversation } from "./store";

/** The members of a conversation; for a group also its name, adding and removing people. */
export function GroupDetails({ conversation }: { conversation: Conversation }) {
  const t = useWords();
  const { user } = useSession();
  const isGroup = conversation.kind === "group";
  const [adds, setAdds] = useState(false);
  const [leaves, setLeaves] = useState(false);
  const owns = conversation.owner_id === user.id;
  return (
    <div className="stack">
      {isGroup && (
        <>
          <GroupIcon conversation={conversation} />
          <GroupName conversation={conversation} />
        </>
      )}
      <section className="stack tight">
        <h3>{t("chat.people", { count: conversation.members.length })}</h3>
        <ul role="list" className="member-list" aria-label={t("chat.members")}>
          {conversation.members.map((member) => (
            <Member
              key={member.id}
              member={member}
              onRemove={isGroup && owns && member.id !== user.id ? () => void removeMember(conversation, member) : null}
            />
          ))}
        </ul>
        {isGroup && !adds && <Button icon="addFriend" onClick={() => setAdds(true)}>{t("chat.addPeople")}</Button>}
        {adds && <AddPeople conversation={conversation} onDone={() => setAdds(false)} />}
      </section>
      <NotifySettings conversation={conversation} />
      <Button icon="out" onClick={() => isGroup ? setLeaves(true) : void leave(conversation)}>
        {t(isGroup ? "chat.leave" : "chat.close")}
      </Button>
      {leaves && (
        <Confirm
          title={t("chat.leave")}
          text={t("chat.leave.text")}
          verb={t("chat.leave")}
          run={() => leave(conversation)}
          onClose={() => setLeaves(false)}
        />
      )}
    </div>
  );
}

/** The emoji that is the picture of a group. */
function GroupIcon({ conversation }: { conversation: Conversation }) {
  const t = useWords();
  const anchor = useRef<HTMLButtonElement>(null);
  const [picks, setPicks] = useState(false);
  const emoji = groupEmoji(conversation);
  const change = async (icon: string | null) => {
    setPicks(false);
    try {
      takeConversation(await patch<unknown>(`/conversations/${conversation.id}`, { icon_url: icon }));
    } catch (error) {
      sayProblem(asProblem(error));
    }
  };
  return (
    <div className="row">
      <button
        ref={anchor}
        type="button"
        className="group-icon"
        aria-haspopup="dialog"
        aria-expanded={picks}
        aria-label={t("chat.icon.change")}
        onClick={() => setPicks(!picks)}
      >
        {emoji ?? <Icon name="members" size={24} />}
      </button>
      {emoji !== null && <Button look="quiet" onClick={() => void change(null)}>{t("chat.icon.remove")}</Button>}
      {picks && (
        <Popover
          anchor={anchor}
          label={t("chat.icon.change")}
          className="emoji-popover"
          onClose={() => setPicks(false)}
        >
          <Part of={emojiPicker} props={{ onPick: (picked) => void change(picked) }} coming={<Skeleton rows={4} />} />
        </Popover>
      )}
    </div>
  );
}

function GroupName({ conversation }: { conversation: Conversation }) {
  const t = useWords();
  const form = useForm({
    saved: { name: conversation.name ?? "" },
    guards: false,
    rules: { name: (text) => ([...text].length <= 100 ? null : t("chat.name.fault")) },
    send: async ({ name }, key) => {
      const body = { name: name.trim() || null };
      takeConversation(await patch<unknown>(`/conversations/${conversation.id}`, body, { key }));
    },
  });
  const { set: _set, ...name } = form.field("name");
  return (
    <form ref={form.ref} className="inline-form" onSubmit={form.submit}>
      <TextField label={t("chat.groupName")} maxLength={100} autoComplete="off" {...name} />
      {form.isDirty && <Button type="submit" look="primary" busy={form.busy}>{t("common.save")}</Button>}
      <FormProblem problem={form.problem} />
    </form>
  );
}

function Member({ member, onRemove }: { member: Card; onRemove: (() => void) | null }) {
  const t = useWords();
  const known = useCard(member.id);
  const card = known ?? member;
  const presence = usePresence(card.id, card.presence);
  return (
    <li>
      <Avatar user={card} status={presence.status} />
      <div className="grow">
        <div className="name cut">{nameOf(card)}</div>
        <div className="tiny muted cut">
          <StatusLine presence={presence} />
        </div>
      </div>
      {onRemove && (
        <IconButton
          icon="minus"
          label={t("chat.removeMember", { name: nameOf(card) })}
          onClick={onRemove}
        />
      )}
    </li>
  );
}

function AddPeople({ conversation, onDone }: { conversation: Conversation; onDone: () => void }) {
  const t = useWords();
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const add = async () => {
    setBusy(true);
    try {
      for (const id of picked) {
        takeConversation(await put<unknown>(`/conversations/${conversation.id}/members/${id}`, undefined));
      }
      onDone();
    } catch (error) {
      sayProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <PickPeople picked={picked} onChange={setPicked} without={conversation.members.map(({ id }) => id)} />
      <div className="row">
        <Button onClick={onDone}>{t("common.cancel")}</Button>
        <Button look="primary" busy={busy} disabled={picked.length === 0} onClick={() => void add()}>
          {t("chat.addPeople")}
        </Button>
      </div>
    </>
  );
}

async function removeMember(conversation: Conversation, { id }: Card): Promise<void> {
  const before = conversation.members;
  conversations.update(
    conversation.id,
    (known) => ({ ...known, members: known.members.filter((each) => each.id !== id) }),
  );
  try {
    await del(`/conversations/${conversation.id}/members/${id}`);
  } catch (error) {
    conversations.update(conversation.id, (known) => ({ ...known, members: before }));
    sayProblem(asProblem(error));
  }
}

async function leave(conversation: Conversation): Promise<void> {
  try {
    await del(`/conversations/${conversation.id}`);
    navigate("/direct?tab=friends");
    conversations.set(conversation.id, undefined);
  } catch (error) {
    sayProblem(asProblem(error));
  }
}
