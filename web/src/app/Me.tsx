import { useRef, useState } from "react";
import { signOut, useSession } from "../features/accounts/session";
import { Avatar } from "../features/presence/Avatar";
import { useInterest } from "../features/presence/interest";
import { chosen } from "../features/presence/own";
import { usePresence } from "../features/presence/presences";
import { StatusLine } from "../features/presence/StatusLine";
import { StatusPicker } from "../features/presence/StatusPicker";
import { useWords } from "../lib/i18n";
import { modulesOn } from "../lib/modules";
import { nameOf, type Presence } from "../lib/resources";
import { navigate } from "../lib/router";
import { useStore } from "../lib/store";
import { Button, IconButton } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Popover } from "../ui/Popover";

/** How I am shown, except that I see my own invisibility. */
function useMine(): Presence {
  const { user } = useSession();
  const shown = usePresence(user.id, user.presence);
  const mine = useStore(chosen);
  useInterest([user.id]);
  return mine.status === "invisible" ? { ...shown, status: "invisible" } : shown;
}

/** Who I am and how I am seen, at the foot of the sidebar. */
export function MePanel({ onShortcuts }: { onShortcuts: () => void }) {
  const t = useWords();
  const { user } = useSession();
  const presence = useMine();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <div className="me">
      <button
        ref={anchor}
        type="button"
        className="me-button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`${t("me.label", { name: nameOf(user) })}: ${t(`status.${presence.status}`)}`}
        onClick={() => setOpen(!open)}
      >
        <Avatar user={user} status={presence.status} />
        <span className="me-text side-text">
          <span className="cut name">{nameOf(user)}</span>
          <span className="cut tiny muted">
            <StatusLine presence={presence} />
          </span>
        </span>
      </button>
      <IconButton icon="keyboard" label={t("shortcuts.title")} onClick={onShortcuts} className="side-text" />
      {open && (
        <Popover anchor={anchor} side="above" label={t("status.choose")} onClose={() => setOpen(false)}>
          <MeBody onDone={() => setOpen(false)} />
        </Popover>
      )}
    </div>
  );
}

function MeBody({ onDone }: { onDone: () => void }) {
  const t = useWords();
  const { user } = useSession();
  const modules = useStore(modulesOn);
  const hasProfile = modules?.includes("media") ?? false;
  return (
    <>
      <StatusPicker userId={user.id} onDone={onDone} />
      <div className="me-foot">
        {hasProfile && (
          <Button
            icon="user"
            look="quiet"
            onClick={() => {
              onDone();
              navigate(`/@${encodeURIComponent(user.username)}`);
            }}
          >
            {t("nav.profile")}
          </Button>
        )}
        <Button
          icon="settings"
          look="quiet"
          onClick={() => {
            onDone();
            navigate("/settings");
          }}
        >
          {t("nav.settings")}
        </Button>
        <Button icon="out" look="quiet" onClick={() => void signOut()}>{t("settings.signOut")}</Button>
      </div>
    </>
  );
}

/** The same on a phone, as the last tab of the bottom bar. */
export function MeTab() {
  const t = useWords();
  const { user } = useSession();
  const presence = useMine();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="bottom-link" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Avatar user={user} status={presence.status} size="small" />
        <span>{t("nav.me")}</span>
      </button>
      {open && (
        <Dialog title={nameOf(user)} onClose={() => setOpen(false)} width="small">
          <MeBody onDone={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  );
}
