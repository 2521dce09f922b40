import { patch } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { SelectField } from "../../ui/Field";
import { Until } from "../../ui/Time";
import { sayProblem } from "../../ui/Toasts";
import type { Conversation, Notify } from "./shapes";
import { conversations, isMuted } from "./store";

const hours = [1, 8, 24, 24 * 7] as const;
const forEver = "2999-01-01T00:00:00.000Z";

/** The notification level of a conversation, and its mute. */
export function NotifySettings({ conversation }: { conversation: Conversation }) {
  const t = useWords();
  const change = async (settings: Partial<Pick<Conversation, "notify" | "muted_until">>) => {
    const before = conversation;
    conversations.update(conversation.id, (known) => ({ ...known, ...settings }));
    try {
      await patch(`/conversations/${conversation.id}/settings`, settings);
    } catch (error) {
      conversations.update(
        conversation.id,
        (known) => ({ ...known, notify: before.notify, muted_until: before.muted_until }),
      );
      sayProblem(asProblem(error));
    }
  };
  const muted = isMuted({ ...conversation, notify: "all" });
  return (
    <section className="stack tight">
      <h3>{t("chat.notify")}</h3>
      <SelectField
        label={t("chat.notify.level")}
        value={conversation.notify}
        onChange={(event) => void change({ notify: event.target.value as Notify })}
      >
        {(["all", "mentions", "nothing"] as const).map((level) => (
          <option key={level} value={level}>{t(`chat.notify.${level}`)}</option>
        ))}
      </SelectField>
      <SelectField
        label={t("chat.mute")}
        hint={muted && conversation.muted_until !== null && conversation.muted_until < forEver
          ? <Until at={conversation.muted_until} />
          : undefined}
        value={muted ? "on" : ""}
        onChange={(event) => {
          const { value } = event.target;
          if (value === "on") return;
          const until = value === ""
            ? null
            : value === "ever"
            ? forEver
            : new Date(Date.now() + Number(value) * 3_600_000).toISOString();
          void change({ muted_until: until });
        }}
      >
        <option value="">{t("chat.mute.off")}</option>
        {muted && <option value="on">{t("chat.mute.on")}</option>}
        {hours.map((count) => (
          <option key={count} value={count}>
            {count < 24 ? t("chat.mute.hours", { count }) : t("chat.mute.days", { count: count / 24 })}
          </option>
        ))}
        <option value="ever">{t("chat.mute.ever")}</option>
      </SelectField>
    </section>
  );
}
