import { useEffect, useRef, useState } from "react";
import { type Key, useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Popover } from "../../ui/Popover";
import { type Current, mayDo, otherIn } from "./calls";
import { CallSettings } from "./CallSettings";
import { canShareScreen } from "./devices";
import { type CallIcon, Drawn } from "./icons";
import { hangUp, playAgain, show, toggleDeaf, toggleMute } from "./session";

function statusOf({ phase, quality, remote }: Current): Key {
  if (phase === "ringing") return "voice.ringing";
  if (phase === "connecting") return "voice.connecting";
  if (phase === "reconnecting") return "voice.reconnecting";
  if (remote.deafened) return "voice.otherDeafened";
  if (remote.muted) return "voice.otherMuted";
  return quality === "poor" ? "voice.poor" : quality === "fair" ? "voice.fair" : "voice.good";
}

/** The call that goes on, with its controls; it stays whatever page is open. */
export function CallBar({ now }: { now: Current }) {
  const t = useWords();
  const other = otherIn(now.call);
  const name = other ? nameOf(other) : t("voice.somebody");
  const may = mayDo(now);
  const [open, setOpen] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  const isMuted = now.muted || now.deafened || now.silent || !may.speak;
  return (
    <section className="call-bar" aria-label={t("voice.bar", { name })}>
      <div className="call-line">
        <Drawn name="signal" />
        <div className="call-who">
          <Link href={`/direct/${now.call.conversation_id}`} className="name cut">{name}</Link>
          <span className="tiny muted">
            <span role="status" data-phase={now.phase}>{t(statusOf(now))}</span>
            {now.since !== null && <Since at={now.since} />}
          </span>
        </div>
        <div className="call-tools" role="group" aria-label={t("voice.tools")}>
          <Tool
            icon={isMuted ? "microphoneOff" : "microphone"}
            label={t(isMuted ? "voice.unmute" : "voice.mute")}
            pressed={isMuted}
            off={!may.speak || now.silent || now.deafened}
            onClick={toggleMute}
          />
          <Tool
            icon={now.deafened ? "soundOff" : "sound"}
            label={t(now.deafened ? "voice.undeafen" : "voice.deafen")}
            pressed={now.deafened}
            onClick={toggleDeaf}
          />
          {may.video && (
            <Tool
              icon="camera"
              label={t(now.video === "camera" ? "voice.cameraOff" : "voice.cameraOn")}
              pressed={now.video === "camera"}
              onClick={() => void show("camera")}
            />
          )}
          {may.video && canShareScreen() && (
            <button
              type="button"
              className="icon-btn wide-only"
              aria-label={t(now.video === "screen" ? "voice.screenOff" : "voice.screenOn")}
              title={t(now.video === "screen" ? "voice.screenOff" : "voice.screenOn")}
              aria-pressed={now.video === "screen"}
              onClick={() => void show("screen")}
            >
              <Icon name="screen" size={18} />
            </button>
          )}
          <button
            type="button"
            ref={more}
            className="icon-btn"
            aria-label={t("voice.settings")}
            title={t("voice.settings")}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            <Icon name="settings" size={18} />
          </button>
          <button
            type="button"
            className="call-end"
            aria-label={t("voice.hangUp")}
            title={t("voice.hangUp")}
            onClick={() => void hangUp()}
          >
            <Drawn name="hang" size={20} />
          </button>
        </div>
      </div>
      {now.blocked && (
        <p className="call-blocked">
          {t("voice.blocked")} <Button onClick={playAgain}>{t("voice.hear")}</Button>
        </p>
      )}
      {(now.remote.video || now.own) && <Pictures now={now} name={name} />}
      {open && (
        <Popover anchor={more} label={t("voice.settings")} align="end" onClose={() => setOpen(false)}>
          <CallSettings />
        </Popover>
      )}
    </section>
  );
}

interface ToolProps {
  icon: CallIcon;
  label: string;
  pressed: boolean;
  off?: boolean;
  onClick: () => void;
}

function Tool({ icon, label, pressed, off = false, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className="icon-btn"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      aria-disabled={off || undefined}
      onClick={() => !off && onClick()}
    >
      <Drawn name={icon} />
    </button>
  );
}

function Since({ at }: { at: number }) {
  const [, again] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => again((turn) => turn + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((Date.now() - at) / 1_000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = (parts[0] === 0 ? parts.slice(1) : parts).map((part, index) =>
    index === 0 ? String(part) : String(part).padStart(2, "0")
  );
  return <span className="num" aria-hidden="true">· {shown.join(":")}</span>;
}

function Pictures({ now, name }: { now: Current; name: string }) {
  const t = useWords();
  return (
    <div className="call-pictures">
      {now.remote.video && <Picture of={now.stream} label={t("voice.pictureOf", { name })} look="whole" />}
      {now.own && <Picture of={now.own} label={t("voice.ownPicture")} look={now.remote.video ? "corner" : "whole"} />}
    </div>
  );
}

function Picture({ of, label, look }: { of: MediaStream | null; label: string; look: "whole" | "corner" }) {
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (ref.current && ref.current.srcObject !== of) ref.current.srcObject = of;
  }, [of]);
  return <video ref={ref} className={look} aria-label={label} autoPlay playsInline muted />;
}
