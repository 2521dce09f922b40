import { useWords } from "../../lib/i18n";
import type { Webhook } from "./webhooks";

/** Whether a webhook works, in one word. */
export function WebhookState({ of }: { of: Webhook }) {
  const t = useWords();
  if (of.isPaused) {
    return <span className={`badge ${of.reason === "by_hand" ? "" : "bad"}`}>{t("webhooks.paused")}</span>;
  }
  if (of.failingSince) return <span className="badge warn">{t("webhooks.failing")}</span>;
  return <span className="badge ok">{t("webhooks.active")}</span>;
}
