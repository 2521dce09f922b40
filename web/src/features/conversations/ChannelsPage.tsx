import { useEffect, useState } from "react";
import { useWords } from "../../lib/i18n";
import { recall } from "../../lib/memory";
import { navigate, useQueryState } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState } from "../../ui/States";
import { useMedia } from "../../ui/useMedia";
import { useCan } from "../accounts/session";
import { ArrangePage } from "./ArrangePage";
import { ChannelForm } from "./ChannelForm";
import { ComingMessages } from "./MessageList";
import { addressOf, changes, channels, listed, readAll } from "./store";

export const lastChannel = "channels.last";

/** With `?arrange=1` the page to order channels, for managers; else the last visited channel. */
export function ChannelsPage() {
  const manages = useCan("channels.manage");
  const [query] = useQueryState();
  return manages && query["arrange"] ? <ArrangePage /> : <FirstChannel />;
}

/** Redirects to the last visited channel; on a phone it shows the list of channels. */
function FirstChannel() {
  const t = useWords();
  const { state, problem } = useStore(listed);
  useStore(changes);
  const isPhone = useMedia("(max-width: 720px)");
  const manages = useCan("channels.manage");
  const [makes, setMakes] = useState(false);
  const all = channels();
  const there = all.find(({ id }) => id === recall(lastChannel)) ?? all[0];
  const to = there && !isPhone ? addressOf(there) : null;
  useEffect(() => {
    if (to !== null) navigate(to, { replace: true });
  }, [to]);
  return (
    <Page title={t("nav.channels")} fill>
      {state === "failed" && problem
        ? <ErrorState problem={problem} onRetry={() => void readAll()} />
        : state === "loading" || to !== null
        ? <ComingMessages />
        : (
          <EmptyState
            icon="hash"
            title={t("chat.channels.none")}
            text={t(manages ? "chat.channels.noneHint" : "chat.channels.noneText")}
          >
            {manages && (
              <Button icon="plus" look="primary" onClick={() => setMakes(true)}>{t("chat.channel.create")}</Button>
            )}
          </EmptyState>
        )}
      {makes && <ChannelForm category={null} onClose={() => setMakes(false)} />}
    </Page>
  );
}
