import { useEffect } from "react";
import { createPortal } from "react-dom";
import { nameOf } from "../../lib/resources";
import { useWords } from "../../lib/i18n";
import { useStore } from "../../lib/store";
import { useMedia } from "../../ui/useMedia";
import { Avatar } from "../presence/Avatar";
import { CallBar } from "./CallBar";
import { current, incoming, otherIn, starting } from "./calls";
import { Drawn } from "./icons";
import { acceptCall, declineCall } from "./session";
import type { Call } from "./shapes";

/** What stands above every page: the call that rings, and the one that goes on. */
export function CallNotice() {
  const ringing = useStore(incoming);
  const now = useStore(current);
  return (
    <>
      {ringing && createPortal(<Incoming key={ringing.id} call={ringing} />, document.body)}
      {now && <CallBar now={now} />}
    </>
  );
}

/** On a phone the list of places is a page of its own, without what stands above pages. */
export function DockedBar() {
  const now = useStore(current);
  const isPhone = useMedia("(max-width: 720px)");
  return now && isPhone
    ? (
      <div className="call-dock">
        <CallBar now={now} />
      </div>
    )
    : null;
}

/** Takes no focus: whoever types would answer by accident. */
function Incoming({ call }: { call: Call }) {
  const t = useWords();
  const other = otherIn(call);
  const isBusy = useStore(starting);
  const name = other ? nameOf(other) : t("voice.somebody");
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || !event.shiftKey) return;
      if (event.code === "KeyA") void acceptCall(call);
      else if (event.code === "KeyD") void declineCall(call);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [call]);
  return (
    <div className="call-ring" role="alertdialog" aria-label={t("voice.incoming", { name })}>
      {other && <Avatar user={other} size="large" />}
      <p role="alert" className="grow">
        <b className="name cut">{name}</b>
        <span className="tiny muted">{t("voice.calls")}</span>
      </p>
      <div className="call-answers">
        <button
          type="button"
          className="call-answer no"
          aria-label={t("voice.decline")}
          aria-keyshortcuts="Alt+Shift+D"
          title={`${t("voice.decline")} (Alt+Shift+D)`}
          onClick={() => void declineCall(call)}
        >
          <Drawn name="hang" size={20} />
        </button>
        <button
          type="button"
          className="call-answer yes"
          aria-label={t("voice.accept")}
          aria-keyshortcuts="Alt+Shift+A"
          title={`${t("voice.accept")} (Alt+Shift+A)`}
          aria-busy={isBusy || undefined}
          onClick={() => !isBusy && void acceptCall(call)}
        >
          <Drawn name="phone" size={20} />
        </button>
      </div>
    </div>
  );
}
