import { useState } from "react";
import { newKey } from "../../lib/api";
import { fold } from "../../lib/fold";
import { useWords } from "../../lib/i18n";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { say } from "../../ui/Toasts";
import { outbox } from "./sending";
import type { Conversation } from "./shapes";
import { changes, channels, directs, titleOf } from "./store";

const most = 30;

/** Sends a link to one of one's conversations, with a few words before it. */
export function ShareDialog({ text, onClose }: { text: string; onClose: () => void }) {
  const t = useWords();
  useStore(changes);
  const [wanted, setWanted] = useState("");
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const sought = fold(wanted);
  const found = [...directs(), ...channels()]
    .filter((each) =>
      each.permissions.includes("chat.write") && fold(titleOf(each, t("chat.somebody"))).includes(sought)
    )
    .slice(0, most);
  const send = () => {
    const conversation = found.find(({ id }) => id === chosen);
    if (!conversation) return;
    const content = words.trim() ? `${words.trim()}\n${text}` : text;
    outbox.add({
      key: newKey(),
      conversation: conversation.id,
      content,
      files: [],
      at: Date.now(),
      reply_to: null,
      refusal: null,
    });
    say("chat.share.sent", { name: titleOf(conversation, t("chat.somebody")) });
    onClose();
  };
  return (
    <Dialog
      title={t("chat.share")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button look="primary" icon="send" disabled={!found.some(({ id }) => id === chosen)} onClick={send}>
            {t("chat.share.send")}
          </Button>
        </>
      }
    >
      <div className="stack tight">
        <TextField
          label={t("chat.share.find")}
          autoComplete="off"
          maxLength={100}
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
        />
        <fieldset className="share-list">
          <legend className="hidden">{t("chat.share.where")}</legend>
          {found.map((each) => (
            <Choice
              key={each.id}
              of={each}
              isChosen={each.id === chosen}
              onChoose={() => setChosen(each.id)}
            />
          ))}
          {found.length === 0 && <p className="muted">{t("chat.share.none")}</p>}
        </fieldset>
        <TextField
          label={t("chat.share.words")}
          optional={t("common.optional")}
          autoComplete="off"
          maxLength={1000}
          value={words}
          onChange={({ target }) => setWords(target.value)}
        />
      </div>
    </Dialog>
  );
}

interface ChoiceProps {
  of: Conversation;
  isChosen: boolean;
  onChoose: () => void;
}

function Choice({ of: conversation, isChosen, onChoose }: ChoiceProps) {
  const t = useWords();
  return (
    <label className={`share-choice ${isChosen ? "chosen" : ""}`}>
      <input type="radio" name="conversation" checked={isChosen} onChange={onChoose} />
      <Icon
        name={conversation.kind === "channel" ? "hash" : conversation.kind === "group" ? "members" : "at"}
        size={16}
      />
      <span className="cut">{titleOf(conversation, t("chat.somebody"))}</span>
    </label>
  );
}
