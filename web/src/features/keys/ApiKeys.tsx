import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { useQuery } from "../../lib/query";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Icon } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Time, Until } from "../../ui/Time";
import { say, sayProblem } from "../../ui/Toasts";
import { CreateKey } from "./CreateKey";
import { type ApiKey, fetchKeys, keysKey, revokeKey, rotateKey, type ShownKey } from "./keys";
import { KeySecret } from "./KeySecret";

/** The keys that programs use in my name: made, given a new secret, revoked. */
export function ApiKeys() {
  const t = useWords();
  const { data, problem, reload } = useQuery(keysKey, fetchKeys);
  const [creating, setCreating] = useState(false);
  const [shown, setShown] = useState<ShownKey | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const rotate = (key: ApiKey) => void rotateKey(key).then(setShown, (error) => sayProblem(asProblem(error)));
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={3} />;
  return (
    <>
      <div className="form-actions start">
        <Button icon="plus" look="primary" onClick={() => setCreating(true)}>{t("keys.create")}</Button>
      </div>
      {data.length === 0
        ? <EmptyState icon="lock" title={t("keys.none.title")} text={t("keys.none.text")} />
        : (
          <ul role="list" className="rows" aria-label={t("settings.tab.keys")}>
            {data.map((key) => (
              <Row
                key={key.id}
                of={key}
                onRotate={() => rotate(key)}
                onRevoke={() => setRevoking(key)}
              />
            ))}
          </ul>
        )}
      {creating && (
        <CreateKey
          onClose={() => setCreating(false)}
          onMade={(made) => {
            setCreating(false);
            setShown(made);
          }}
        />
      )}
      {shown && <KeySecret shown={shown} onClose={() => setShown(null)} />}
      {revoking && (
        <Confirm
          title={t("keys.revokeTitle", { key: revoking.name })}
          text={t("keys.revokeText")}
          verb={t("keys.revoke")}
          run={async () => {
            await revokeKey(revoking);
            say("keys.revoked", { key: revoking.name });
          }}
          onClose={() => setRevoking(null)}
        />
      )}
    </>
  );
}

function Row({ of, onRotate, onRevoke }: { of: ApiKey; onRotate: () => void; onRevoke: () => void }) {
  const t = useWords();
  return (
    <li className="row top">
      <span className="row-icon">
        <Icon name="lock" size={18} />
      </span>
      <div className="row-main">
        <div className="row-title">
          <span className="cut">{of.name}</span>
          {of.signed && <span className="badge">{t("keys.signed")}</span>}
          {of.expired && <span className="badge bad">{t("keys.expired")}</span>}
        </div>
        <div className="tiny muted key-facts">
          <code>{of.prefix}…</code>
          <span>
            {of.lastUsedAt
              ? (
                <>
                  {t("sessions.used")} <Time at={of.lastUsedAt} />
                  {of.lastAddress && ` ${t("keys.from", { address: of.lastAddress })}`}
                </>
              )
              : t("keys.unused")}
          </span>
          {of.uses > 0 && <span>{t("keys.uses", { count: of.uses })}</span>}
          {of.addresses.length > 0 && <span className="cut">{of.addresses.join(", ")}</span>}
          <Until at={of.expiresAt} />
          {of.previousUntil && (
            <span>
              {t("keys.overlap")} <Time at={of.previousUntil} />
            </span>
          )}
        </div>
        <div className="chips key-scopes">
          {of.scopes.length === 0 && <span className="tiny muted">{t("keys.noScopes")}</span>}
          {of.scopes.map((scope) => <code key={scope}>{scope}</code>)}
        </div>
      </div>
      <Menu
        label={t("keys.actionsFor", { key: of.name })}
        items={[
          { label: t("keys.rotate"), icon: "undo", onSelect: onRotate },
          { label: t("keys.revoke"), icon: "trash", danger: true, onSelect: onRevoke },
        ]}
      />
    </li>
  );
}
