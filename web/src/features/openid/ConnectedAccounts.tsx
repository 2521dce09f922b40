import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Dialog } from "../../ui/Dialog";
import { FormFoot } from "../../ui/FormFoot";
import { Icon } from "../../ui/Icon";
import { ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { say } from "../../ui/Toasts";
import { Password } from "../accounts/Password";
import { useSession } from "../accounts/session";
import {
  connect,
  disconnect,
  fetchIdentities,
  fetchOffers,
  identitiesKey,
  type Identity,
  type Offer,
  offersKey,
} from "./identities";

/** The accounts at providers with which one signs in here; nothing where the site has no provider and one has none. */
export function ConnectedAccounts() {
  const t = useWords();
  const { data: offers } = useQuery(offersKey, fetchOffers);
  const { data, problem, reload } = useQuery(identitiesKey, fetchIdentities);
  const [connecting, setConnecting] = useState<Offer | null>(null);
  const [leaving, setLeaving] = useState<Identity | null>(null);
  if (!offers || offers.length === 0 && !data?.length) return null;
  const free = offers.filter((offer) => !data?.some((each) => each.provider === offer.key));
  return (
    <section className="stack tight" aria-labelledby="security-connected">
      <h2 id="security-connected">{t("openid.connected")}</h2>
      <p className="muted">{t("openid.connectedLead")}</p>
      {problem && !data
        ? <ErrorState problem={problem} onRetry={reload} />
        : !data
        ? <Skeleton rows={1} />
        : (
          <ul role="list" className="rows">
            {data.map((each) => <Connected key={each.id} of={each} onLeave={() => setLeaving(each)} />)}
            {free.map((offer) => (
              <li key={offer.key} className="row">
                <span className="row-icon">
                  <Icon name="external" size={18} />
                </span>
                <div className="row-main">
                  <div className="row-title cut">{offer.name}</div>
                  <div className="tiny muted">{t("openid.notConnected")}</div>
                </div>
                <Button onClick={() => setConnecting(offer)} aria-label={t("openid.connectTo", { name: offer.name })}>
                  {t("openid.connect")}
                </Button>
              </li>
            ))}
          </ul>
        )}
      {connecting && <Connect to={connecting} onClose={() => setConnecting(null)} />}
      {leaving && (
        <Confirm
          title={t("openid.disconnectTitle", { name: leaving.name })}
          text={t("openid.disconnectText", { name: leaving.name })}
          verb={t("openid.disconnect")}
          run={async () => {
            await disconnect(leaving);
            say("openid.disconnected");
          }}
          onClose={() => setLeaving(null)}
        />
      )}
    </section>
  );
}

function Connected({ of, onLeave }: { of: Identity; onLeave: () => void }) {
  const t = useWords();
  return (
    <li className="row">
      <span className="row-icon">
        <Icon name="external" size={18} />
      </span>
      <div className="row-main">
        <div className="row-title">
          <span className="cut">{of.name}</span>
          <span className="badge ok">{t("openid.isConnected")}</span>
        </div>
        <div className="tiny muted cut">
          {of.label}
          {of.label && of.lastUsedAt && " · "}
          {of.lastUsedAt && (
            <>
              {t("openid.used")} <Time at={of.lastUsedAt} />
            </>
          )}
          {!of.removable && <div>{t("openid.onlyWay")}</div>}
        </div>
      </div>
      {of.removable && (
        <Button onClick={onLeave} aria-label={t("openid.disconnectFrom", { name: of.name })}>
          {t("openid.disconnect")}
        </Button>
      )}
    </li>
  );
}

/** Asks for the password, since a browser left open is not enough. */
function Connect({ to, onClose }: { to: Offer; onClose: () => void }) {
  const t = useWords();
  const { user } = useSession();
  const [password, setPassword] = useState("");
  const { busy, problem, submit } = useSubmit(password, () => connect(to.key, password));
  return (
    <Dialog title={t("openid.connectTo", { name: to.name })} onClose={onClose} width="small">
      <form className="form" onSubmit={submit}>
        <p className="muted">{t("openid.connectLead", { name: to.name })}</p>
        <input type="text" name="username" autoComplete="username" value={user.username} readOnly hidden />
        <Password
          label={t("signIn.password")}
          hint={t("openid.noPassword")}
          autoComplete="current-password"
          value={password}
          fault={problem?.fault("password")}
          onChange={(event) => setPassword(event.target.value)}
        />
        <FormFoot verb={t("openid.continue")} busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
