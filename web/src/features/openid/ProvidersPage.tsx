import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { useQuery } from "../../lib/query";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Icon } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { say, sayProblem } from "../../ui/Toasts";
import { EditProvider } from "./EditProvider";
import { deleteProvider, editProvider, fetchProviders, type Provider, providersKey } from "./providers";

/** The providers with which people sign in to the site. */
export function ProvidersPage() {
  const t = useWords();
  const { data, problem, reload } = useQuery(providersKey, fetchProviders);
  const [creating, setCreating] = useState(false);
  const create = <Button icon="plus" look="primary" onClick={() => setCreating(true)}>{t("openid.add")}</Button>;
  return (
    <Page title={t("nav.providers")} actions={create}>
      <div className="stack providers-page">
        <p className="muted">{t("openid.lead")}</p>
        {problem && !data
          ? <ErrorState problem={problem} onRetry={reload} />
          : !data
          ? <Skeleton rows={3} />
          : data.length === 0
          ? <EmptyState icon="shield" title={t("openid.none.title")} text={t("openid.none.text")} />
          : (
            <ul role="list" className="rows" aria-label={t("nav.providers")}>
              {data.map((each) => <Row key={each.id} of={each} />)}
            </ul>
          )}
      </div>
      {creating && <EditProvider of={null} onClose={() => setCreating(false)} />}
    </Page>
  );
}

function Row({ of }: { of: Provider }) {
  const t = useWords();
  const [asks, setAsks] = useState<"edit" | "delete" | null>(null);
  const close = () => setAsks(null);
  return (
    <li className="row">
      <span className="row-icon">
        <Icon name="shield" size={18} />
      </span>
      <div className="row-main">
        <div className="row-title">
          <span className="cut">{of.name}</span>
          {of.enabled
            ? <span className="badge ok">{t("openid.active")}</span>
            : <span className="badge">{t("openid.off")}</span>}
        </div>
        <div className="tiny muted provider-facts">
          <span className="provider-address">{of.issuer}</span>
          {of.rules.length > 0 && <span>{t("openid.ruleCount", { count: of.rules.length })}</span>}
        </div>
      </div>
      <Menu
        label={t("openid.actions", { name: of.name })}
        items={[
          { label: t("openid.edit"), icon: "edit", onSelect: () => setAsks("edit") },
          {
            label: t(of.enabled ? "openid.turnOff" : "openid.turnOn"),
            icon: of.enabled ? "ban" : "play",
            onSelect: () =>
              void editProvider(of, { enabled: !of.enabled }).catch((error: unknown) => sayProblem(asProblem(error))),
          },
          { label: t("openid.delete"), icon: "trash", danger: true, onSelect: () => setAsks("delete") },
        ]}
      />
      {asks === "edit" && <EditProvider of={of} onClose={close} />}
      {asks === "delete" && (
        <Confirm
          title={t("openid.deleteTitle", { name: of.name })}
          text={t("openid.deleteText")}
          verb={t("openid.delete")}
          run={async () => {
            await deleteProvider(of);
            say("openid.deleted");
          }}
          onClose={close}
        />
      )}
    </li>
  );
}
