import { useWords } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Secret } from "../../ui/Secret";
import { Time } from "../../ui/Time";
import type { ShownKey } from "./keys";

/** The only time that a secret is seen. */
export function KeySecret({ shown, onClose }: { shown: ShownKey; onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog
      title={t("keys.secretTitle", { key: shown.key.name })}
      onClose={onClose}
      actions={<Button look="primary" onClick={onClose}>{t("keys.kept")}</Button>}
    >
      <div className="stack tight">
        <p className="notice">
          <Icon name="info" />
          {t("keys.secretLead")}
        </p>
        <Secret label={t("keys.secret")} text={shown.secret} />
        {shown.signingSecret && <Secret label={t("keys.signingSecret")} text={shown.signingSecret} />}
        {shown.key.previousUntil && (
          <p className="tiny muted">
            {t("keys.overlap")} <Time at={shown.key.previousUntil} />
          </p>
        )}
      </div>
    </Dialog>
  );
}
