import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { navigate } from "../../lib/router";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { EditWebhook } from "./EditWebhook";
import { WebhookSecret } from "./WebhookSecret";
import { WebhookState } from "./WebhookState";
import { fetchWebhooks, hostOf, type ShownWebhook, type Webhook, webhooksKey } from "./webhooks";

/** All webhooks of the site. */
export function WebhooksPage() {
  const t = useWords();
  const { data, problem, reload } = useQuery(webhooksKey, fetchWebhooks);
  const [creating, setCreating] = useState(false);
  const [shown, setShown] = useState<ShownWebhook | null>(null);
  const create = <Button icon="plus" look="primary" onClick={() => setCreating(true)}>{t("webhooks.create")}</Button>;
  return (
    <Page title={t("webhooks.title")} actions={create}>
      <div className="stack webhooks">
        <p className="muted">{t("webhooks.lead")}</p>
        {problem && !data
          ? <ErrorState problem={problem} onRetry={reload} />
          : !data
          ? <Skeleton rows={3} />
          : data.length === 0
          ? <EmptyState icon="external" title={t("webhooks.none.title")} text={t("webhooks.none.text")} />
          : (
            <ul role="list" className="rows" aria-label={t("webhooks.title")}>
              {data.map((each) => <Row key={each.id} of={each} />)}
            </ul>
          )}
      </div>
      {creating && (
        <EditWebhook
          of={null}
          onClose={() => setCreating(false)}
          onMade={(made) => {
            setCreating(false);
            setShown(made);
          }}
        />
      )}
      {shown && (
        <WebhookSecret
          shown={shown}
          onClose={() => {
            navigate(`/panel/webhooks/${shown.webhook.id}`);
            setShown(null);
          }}
        />
      )}
    </Page>
  );
}

function Row({ of }: { of: Webhook }) {
  const t = useWords();
  return (
    <li className="row webhook-row">
      <span className="row-icon">
        <Icon name="external" size={18} />
      </span>
      <div className="row-main">
        <div className="row-title">
          <Link href={`/panel/webhooks/${of.id}`} className="cut row-link">{of.name}</Link>
          <WebhookState of={of} />
        </div>
        <div className="tiny muted webhook-facts">
          <span className="cut">{hostOf(of.url)}</span>
          <span>{t("webhooks.events", { count: of.events.length })}</span>
          {of.pending > 0 && <span>{t("webhooks.waiting", { count: of.pending })}</span>}
        </div>
      </div>
    </li>
  );
}
