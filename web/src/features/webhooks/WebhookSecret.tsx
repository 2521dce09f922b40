import { useWords } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Secret } from "../../ui/Secret";
import { Time } from "../../ui/Time";
import type { ShownWebhook } from "./webhooks";

/** The only time that a secret is shown. */
export function WebhookSecret({ shown, onClose }: { shown: ShownWebhook; onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog
      title={t("webhooks.secretTitle", { name: shown.webhook.name })}
      onClose={onClose}
      actions={<Button look="primary" onClick={onClose}>{t("webhooks.kept")}</Button>}
    >
      <div className="stack tight">
        <p className="notice">
          <Icon name="info" />
          {t("webhooks.secretLead")}
        </p>
        <Secret label={t("webhooks.secret")} text={shown.secret} />
        {shown.webhook.previousUntil && (
          <p className="tiny muted">
            {t("webhooks.overlap")} <Time at={shown.webhook.previousUntil} />
          </p>
        )}
      </div>
    </Dialog>
  );
}
