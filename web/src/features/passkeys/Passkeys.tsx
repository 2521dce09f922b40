import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { invalidate, useQuery } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { Icon } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";
import { ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { say } from "../../ui/Toasts";
import { AddPasskey } from "./AddPasskey";
import { fetchPasskeys, type Passkey, passkeysKey, removePasskey, renamePasskey } from "./own";
import { hasPasskeys } from "./webauthn";

/** My passkeys: added, named, removed. */
export function Passkeys() {
  const t = useWords();
  const { data, problem, reload } = useQuery(passkeysKey, fetchPasskeys);
  const [doing, setDoing] = useState<"add" | { rename: Passkey } | { remove: Passkey } | null>(null);
  const close = () => {
    setDoing(null);
    invalidate(passkeysKey);
  };
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={2} />;
  const hindrance = data.unavailable ?? (hasPasskeys() ? null : t("passkeys.noBrowser"));
  const isFull = data.items.length >= data.limit;
  return (
    <div className="stack tight">
      <p className="muted">{t("passkeys.lead")}</p>
      {data.items.length > 0
        ? (
          <ul role="list" className="rows" aria-label={t("passkeys.title")}>
            {data.items.map((each) => (
              <Row
                key={each.id}
                of={each}
                onRename={() => setDoing({ rename: each })}
                onRemove={() => setDoing({ remove: each })}
              />
            ))}
          </ul>
        )
        : !hindrance && <p className="muted small">{t("passkeys.none")}</p>}
      {hindrance && (
        <p className="notice">
          <Icon name="info" />
          {hindrance}
        </p>
      )}
      {isFull && <p className="muted small">{t("passkeys.limit", { count: data.limit })}</p>}
      {!hindrance && !isFull && (
        <div className="form-actions start">
          <Button icon="plus" onClick={() => setDoing("add")}>{t("passkeys.add")}</Button>
        </div>
      )}
      {doing === "add" && <AddPasskey onClose={close} />}
      {doing && typeof doing === "object" && "rename" in doing && <Rename of={doing.rename} onClose={close} />}
      {doing && typeof doing === "object" && "remove" in doing && (
        <Confirm
          title={t("passkeys.removeTitle", { name: doing.remove.name })}
          text={t("passkeys.removeText")}
          verb={t("passkeys.remove")}
          run={async () => {
            await removePasskey(doing.remove);
            say("passkeys.removed");
          }}
          onClose={close}
        />
      )}
    </div>
  );
}

function Row({ of, onRename, onRemove }: { of: Passkey; onRename: () => void; onRemove: () => void }) {
  const t = useWords();
  return (
    <li className="row">
      <span className="row-icon">
        <Icon name={of.usable ? "lock" : "warning"} size={18} />
      </span>
      <div className="row-main">
        <div className="row-title">
          <span className="cut">{of.name}</span>
          {!of.usable && <span className="badge bad">{t("passkeys.useless")}</span>}
          {of.usable && of.synced && <span className="badge">{t("passkeys.synced")}</span>}
        </div>
        <div className="tiny muted">
          {!of.usable && `${t("passkeys.uselessHint", { domain: of.domain })} · `}
          {of.lastUsedAt
            ? (
              <>
                {t("passkeys.used")} <Time at={of.lastUsedAt} />
              </>
            )
            : t("passkeys.unused")}
          {" · "}
          {t("passkeys.created")} <Time at={of.createdAt} />
        </div>
      </div>
      <Menu
        label={t("passkeys.actions", { name: of.name })}
        items={[
          { label: t("passkeys.rename"), icon: "edit", onSelect: onRename },
          { label: t("passkeys.remove"), icon: "trash", danger: true, onSelect: onRemove },
        ]}
      />
    </li>
  );
}

function Rename({ of, onClose }: { of: Passkey; onClose: () => void }) {
  const t = useWords();
  const [name, setName] = useState(of.name);
  const { busy, problem, submit } = useSubmit(name, async () => {
    await renamePasskey(of, name);
    onClose();
  });
  return (
    <Dialog title={t("passkeys.renameTitle")} onClose={onClose} width="small">
      <form className="form" onSubmit={submit}>
        <TextField
          label={t("passkeys.name")}
          autoComplete="off"
          maxLength={64}
          required
          autoFocus
          value={name}
          fault={problem?.fault("name")}
          onChange={(event) => setName(event.target.value)}
        />
        <FormFoot verb={t("passkeys.save")} busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
