import { useState } from "react";
import { del, patch, post } from "../../lib/api";
import { useForm } from "../../lib/form";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { asRaw, asText } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/Check";
import { Dialog } from "../../ui/Dialog";
import { SelectField, TextArea, TextField } from "../../ui/Field";
import { FormProblem } from "../../ui/States";
import { sayProblem } from "../../ui/Toasts";
import type { Conversation } from "./shapes";
import { addressOf, categories, conversations, readAll, takeConversation } from "./store";

/** Turns a name into the form of channel names: lower case, dashes for spaces. */
export const channelName = (text: string): string =>
  text.trim().toLowerCase().replace(/[\s_]+/g, "-").replace(/-{2,}/g, "-").replace(/^[-#]+/, "");

const newCategory = "+";
const paces = [0, 5, 10, 30, 60, 300, 900, 3_600] as const;

interface ChannelFormProps {
  category: string | null;
  onClose: () => void;
}

/** Creates a channel, in an existing category or a new one. */
export function ChannelForm({ category, onClose }: ChannelFormProps) {
  const t = useWords();
  const form = useForm({
    saved: { name: "", topic: "", category: category ?? "", newCategory: "", isPrivate: false },
    rules: {
      name: (
        text,
      ) => (channelName(text) === "" || [...channelName(text)].length > 100 ? t("chat.channel.nameFault") : null),
      newCategory: (
        text,
        all,
      ) => (all.category === newCategory && text.trim() === "" ? t("chat.channel.categoryFault") : null),
    },
    send: async (values, key) => {
      const made = takeConversation(
        await post<unknown>("/channels", {
          name: channelName(values.name),
          topic: values.topic.trim() || null,
          category_id: await categoryOf(values.category, values.newCategory),
          visibility: values.isPrivate ? "private" : "public",
        }, { key }),
      );
      void readAll();
      onClose();
      navigate(addressOf(made), { force: true });
    },
  });
  return (
    <Dialog
      title={t("chat.channel.create")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button look="primary" busy={form.busy} onClick={() => form.submit()}>{t("chat.channel.create")}</Button>
        </>
      }
    >
      <form ref={form.ref} className="stack tight" onSubmit={form.submit} noValidate>
        <ChannelFields form={form} />
        <FormProblem problem={form.problem} />
      </form>
    </Dialog>
  );
}

interface Values extends Record<string, unknown> {
  name: string;
  topic: string;
  category: string;
  newCategory: string;
  isPrivate: boolean;
}

function ChannelFields({ form }: { form: ReturnType<typeof useForm<Values>> }) {
  const t = useWords();
  const all = useStore(categories);
  const { set: _name, ...name } = form.field("name");
  const { set: _topic, ...topic } = form.field("topic");
  const { set: _category, ...category } = form.field("category");
  const { set: _newCategory, ...named } = form.field("newCategory");
  const shown = channelName(name.value);
  return (
    <>
      <TextField
        label={t("chat.channel.name")}
        autoComplete="off"
        maxLength={100}
        {...name}
        hint={shown !== "" && shown !== name.value ? `#${shown}` : undefined}
      />
      <TextArea label={t("chat.channel.topic")} optional={t("common.optional")} maxLength={500} {...topic} />
      <SelectField label={t("chat.channel.category")} {...category}>
        <option value="">{t("chat.channel.noCategory")}</option>
        {all.map(({ id, name: title }) => <option key={id} value={id}>{title}</option>)}
        <option value={newCategory}>{t("chat.channel.newCategory")}</option>
      </SelectField>
      {category.value === newCategory && (
        <TextField
          label={t("chat.channel.categoryName")}
          maxLength={100}
          {...named}
        />
      )}
      <Check
        label={t("chat.channel.private")}
        hint={t("chat.channel.privateHint")}
        checked={form.values.isPrivate}
        onChange={(isPrivate) => form.set({ isPrivate })}
      />
    </>
  );
}

async function categoryOf(chosen: string, name: string): Promise<string | null> {
  if (chosen !== newCategory) return chosen || null;
  return asText(asRaw(await post<unknown>("/channel-categories", { name: name.trim() }))["id"]);
}

/** The name and the writing rules of a channel. */
export function ChannelSettings({ conversation }: { conversation: Conversation }) {
  const t = useWords();
  const [asks, setAsks] = useState(false);
  const form = useForm({
    saved: {
      name: conversation.name ?? "",
      topic: conversation.topic ?? "",
      category: conversation.category_id ?? "",
      newCategory: "",
      isPrivate: conversation.visibility === "private",
      slow: String(conversation.slow_mode_s),
      readOnly: conversation.read_only,
      announcement: conversation.announcement,
    },
    rules: { name: (text) => (channelName(text) === "" ? t("chat.channel.nameFault") : null) },
    send: async (values, key) => {
      const changed = takeConversation(
        await patch<unknown>(`/conversations/${conversation.id}`, {
          name: channelName(values.name),
          topic: values.topic.trim() || null,
          category_id: await categoryOf(values.category, values.newCategory),
          visibility: values.isPrivate ? "private" : "public",
          slow_mode_s: Number(values.slow),
          read_only: values.readOnly,
          announcement: values.announcement,
        }, { key, version: conversation.version }),
      );
      void readAll();
      navigate(`${addressOf(changed)}?side=details`, { replace: true, force: true });
    },
  });
  const { set: _slow, ...slow } = form.field("slow");
  const remove = async () => {
    try {
      await del(`/conversations/${conversation.id}`);
      navigate("/channels", { force: true });
      conversations.set(conversation.id, undefined);
    } catch (error) {
      sayProblem(asProblem(error));
    }
  };
  return (
    <form
      ref={form.ref}
      className="stack tight"
      onSubmit={form.submit}
      noValidate
      aria-label={t("chat.channel.settings")}
    >
      <ChannelFields form={form as unknown as ReturnType<typeof useForm<Values>>} />
      <SelectField label={t("chat.channel.slow")} {...slow}>
        {paces.map((seconds) => (
          <option key={seconds} value={seconds}>
            {seconds === 0 ? t("chat.channel.slow.off") : t("chat.channel.slow.every", { count: seconds })}
          </option>
        ))}
      </SelectField>
      <Check
        label={t("chat.channel.readOnly")}
        hint={t("chat.channel.readOnlyHint")}
        checked={form.values.readOnly}
        onChange={(readOnly) => form.set({ readOnly })}
      />
      <Check
        label={t("chat.channel.announcement")}
        checked={form.values.announcement}
        onChange={(announcement) => form.set({ announcement })}
      />
      <FormProblem problem={form.problem} />
      <div className="row">
        <Button type="submit" look="primary" busy={form.busy} disabled={!form.isDirty}>{t("common.save")}</Button>
        <Button look="danger" onClick={() => setAsks(true)}>{t("chat.channel.delete")}</Button>
      </div>
      {asks && (
        <DeleteChannel
          name={conversation.name ?? ""}
          onDelete={() => void remove()}
          onClose={() => setAsks(false)}
        />
      )}
    </form>
  );
}

/** Deleting cannot be undone, so the person types the name. */
function DeleteChannel({ name, onDelete, onClose }: { name: string; onDelete: () => void; onClose: () => void }) {
  const t = useWords();
  const [text, setText] = useState("");
  return (
    <Dialog
      title={t("chat.channel.deleteTitle", { name })}
      width="small"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button look="danger" disabled={text !== name} onClick={onDelete}>{t("chat.channel.delete")}</Button>
        </>
      }
    >
      <p>{t("chat.channel.deleteText")}</p>
      <TextField
        label={t("chat.channel.deleteType", { name })}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </Dialog>
  );
}
