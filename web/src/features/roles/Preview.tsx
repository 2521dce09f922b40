import { post } from "../../lib/api";
import { useLanguage, useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { asKeys, asList, asNumber, asRaw, asText, type Role } from "../../lib/resources";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { describe, usePermissions } from "./registry";

interface Change {
  id: string;
  name: string;
  gains: string[];
  loses: string[];
}

function readChange(value: unknown): Change {
  const raw = asRaw(value);
  const id = asText(raw["user_id"]) ?? "";
  return {
    id,
    name: asText(raw["display_name"]) ?? asText(raw["username"]) ?? id,
    gains: asKeys(raw["gains"]),
    loses: asKeys(raw["loses"]),
  };
}

interface PreviewProps {
  role: Role;
  patch: Record<string, unknown>;
  onClose: () => void;
}

/** Who gains what and who loses what, as the server works it out, before anything is saved. */
export function Preview({ role, patch, onClose }: PreviewProps) {
  const t = useWords();
  const { data, problem, reload } = useQuery(`preview:${role.id}:${JSON.stringify(patch)}`, async () => {
    const answer = asRaw(await post<unknown>("/roles/preview", { role_id: role.id, ...patch }));
    return {
      changes: asList(answer["users"]).map(readChange),
      affected: asNumber(answer["affected_count"]) ?? 0,
      refusal: asText(asRaw(answer["refusal"])["detail"]),
    };
  });
  return (
    <Dialog title={t("preview.title", { role: role.name })} onClose={onClose}>
      {problem && <ErrorState problem={problem} onRetry={reload} />}
      {!problem && !data && <Skeleton rows={4} />}
      {data?.refusal && (
        <p className="form-problem">
          <Icon name="warning" />
          {data.refusal}
        </p>
      )}
      {data && data.changes.length === 0 && (
        <EmptyState icon="check" title={t("preview.none.title")} text={t("preview.none.text")} />
      )}
      {data && data.changes.length > 0 && (
        <ul role="list" className="rows" aria-label={t("preview.count", { count: data.affected })}>
          {data.changes.map((change) => (
            <li key={change.id} className="row top">
              <div className="row-main">
                <div className="row-title">{change.name}</div>
                <Keys say="preview.gains" sign="+" keys={change.gains} />
                <Keys say="preview.loses" sign="−" keys={change.loses} />
              </div>
            </li>
          ))}
        </ul>
      )}
      {data && data.affected > data.changes.length && (
        <p className="muted tiny">{t("say.more", { count: data.affected - data.changes.length })}</p>
      )}
    </Dialog>
  );
}

function Keys({ say, sign, keys }: { say: "preview.gains" | "preview.loses"; sign: string; keys: readonly string[] }) {
  const t = useWords();
  const of = useLanguage();
  const registry = usePermissions();
  if (keys.length === 0) return null;
  return (
    <div className="tiny keys-line">
      <span className="muted">{t(say)}</span>
      {keys.map((key) => <code key={key} title={describe(registry, key, of)}>{sign} {key}</code>)}
    </div>
  );
}
