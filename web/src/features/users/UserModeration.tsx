import { type ReactNode, useState } from "react";
import { Slot, useFilled } from "../../contract/Part";
import { useWords } from "../../lib/i18n";
import type { User } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Icon, type IconName } from "../../ui/Icon";
import { Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { useCan, useSession } from "../accounts/session";
import { Sessions } from "../accounts/Sessions";
import { roles } from "../roles/roles";
import { setDisabled, unban } from "./actions";
import { BanUser } from "./BanUser";
import { useOutranks } from "./statuses";

/** Whether I may do or see anything on the moderation tab. */
export function useModerates(): boolean {
  const [bans, disables, sessions] = [useCan("moderation.ban"), useCan("users.disable"), useCan("users.sessions")];
  const handles = useCan("moderation.reports");
  return bans || disables || sessions || handles;
}

/** Whether a member is banned or disabled, their sanctions and sessions, and the acts upon them. */
export function UserModeration({ user }: { user: User }) {
  const t = useWords();
  const audits = useCan("audit.read");
  const seesSessions = useCan("users.sessions");
  const outranks = useOutranks(user);
  const [readsSanctions, hasSanctions] = [useCan("moderation.reports"), useFilled("member.sanctions")];
  const sanctions = readsSanctions && hasSanctions;
  const ranksKnown = useStore(roles, ({ loaded }) => loaded);
  const session = useSession();
  // Content below a list is shown once the height of the list is known: it would jump.
  const [sanctioned, setSanctioned] = useState(!sanctions);
  const [settled, setSettled] = useState(!seesSessions);
  const me = session.user.id === user.id;
  // The buttons depend on both ranks; roles learnt from single answers are not enough.
  if (!ranksKnown) return <Skeleton rows={4} />;
  return (
    <div className="stack">
      <section className="stack tight" aria-labelledby="moderation-now">
        <h3 id="moderation-now" className="section-title">{t("moderation.now")}</h3>
        <Ban user={user} outranks={outranks} />
        <Disabled user={user} outranks={outranks} />
        {!outranks && <p className="tiny muted">{t(me ? "moderation.self" : "moderation.above")}</p>}
      </section>
      {sanctions && (
        <Slot
          name="member.sanctions"
          user={user}
          outranks={outranks}
          onSettled={() => setSanctioned(true)}
        />
      )}
      {seesSessions && sanctioned && (
        <section className="stack tight" aria-labelledby="moderation-sessions">
          <h3 id="moderation-sessions" className="section-title">{t("moderation.sessions")}</h3>
          <Sessions userId={user.id} ends={outranks} onSettled={() => setSettled(true)} />
        </section>
      )}
      {audits && sanctioned && settled && (
        <section className="stack tight" aria-labelledby="moderation-acts">
          <h3 id="moderation-acts" className="section-title">{t("moderation.acts")}</h3>
          <Slot name="member.acts" user={user} />
        </section>
      )}
    </div>
  );
}

interface StateProps {
  icon: IconName;
  bad: boolean;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

function State({ icon, bad, title, children, action }: StateProps) {
  return (
    <div className={`moderation-state ${bad ? "bad" : ""}`}>
      <Icon name={icon} size={18} />
      <div className="moderation-text">
        <b>{title}</b>
        {children}
      </div>
      {action}
    </div>
  );
}

function Ban({ user, outranks }: { user: User; outranks: boolean }) {
  const t = useWords();
  const bans = useCan("moderation.ban");
  const audits = useCan("audit.read");
  const [banning, setBanning] = useState(false);
  const action = bans && outranks &&
    (user.is_banned
      ? <Button icon="undo" onClick={() => void unban(user)}>{t("users.action.unban")}</Button>
      : <Button icon="ban" onClick={() => setBanning(true)}>{t("users.action.ban")}</Button>);
  return (
    <>
      <State
        icon={user.is_banned ? "ban" : "check"}
        bad={user.is_banned}
        title={t(user.is_banned ? "moderation.banned" : "moderation.notBanned")}
        action={action}
      >
        {user.is_banned && (
          <dl className="facts">
            <div>
              <dt>{t("user.banUntil")}</dt>
              <dd>
                {user.ban?.until ? <Time at={user.ban.until} /> : t(user.ban ? "ban.for.ever" : "moderation.hidden")}
              </dd>
            </div>
            {user.ban?.reason && (
              <div>
                <dt>{t("user.banReason")}</dt>
                <dd>{user.ban.reason}</dd>
              </div>
            )}
            {audits && (
              <div>
                <dt>{t("moderation.by")}</dt>
                <dd className="moderation-by">
                  <Slot name="member.banned" user={user} coming="–" />
                </dd>
              </div>
            )}
          </dl>
        )}
      </State>
      {banning && <BanUser user={user} onClose={() => setBanning(false)} />}
    </>
  );
}

function Disabled({ user, outranks }: { user: User; outranks: boolean }) {
  const t = useWords();
  const disables = useCan("users.disable");
  return (
    <State
      icon={user.is_disabled ? "lock" : "check"}
      bad={user.is_disabled}
      title={t(user.is_disabled ? "moderation.disabled" : "moderation.enabled")}
      action={disables && outranks && (
        <Button
          icon={user.is_disabled ? "check" : "lock"}
          onClick={() => void setDisabled(user, !user.is_disabled)}
        >
          {t(user.is_disabled ? "users.action.enable" : "users.action.disable")}
        </Button>
      )}
    >
      {user.is_disabled && <p className="tiny muted">{t("moderation.disabledText")}</p>}
    </State>
  );
}
