import { useWords } from "../../lib/i18n";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { ChannelSettings } from "./ChannelForm";
import { NotifySettings } from "./NotifySettings";
import { may } from "./rights";
import type { Conversation } from "./shapes";
import { addressOf } from "./store";

/** The topic of a channel, and for managers its settings and overwrites. */
export function ChannelDetails({ conversation }: { conversation: Conversation }) {
  const t = useWords();
  const manages = may(conversation, "manage");
  return (
    <div className="stack">
      {!manages && <p className="muted">{conversation.topic ?? t("chat.start.channel")}</p>}
      <NotifySettings conversation={conversation} />
      {manages && (
        <>
          <section className="stack tight">
            <h3>{t("chat.channel.settings")}</h3>
            <ChannelSettings conversation={conversation} />
          </section>
          <Link href={`${addressOf(conversation)}/rights`} className="btn">
            <Icon name="shield" /> {t("chat.rights")}
          </Link>
        </>
      )}
    </div>
  );
}
