import { post } from "../../lib/api";
import { useLanguage, useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { asKeys, asList, asRaw, asText, type Role } from "../../lib/resources";
import { Dialog } from "../../ui/Dialog";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { describe, usePermissions } from "./registry";

interface Change {
  name: string;
  gains: string[];
  loses: string[];
}

function readChange(value: unknown): Change {
  const raw = asRaw(value);
  const user = asRaw(raw["user"]);
  return {
    name: asText(user["display_name"]) ?? asText(user["username"]) ?? asText(raw["username"]) ??
      asText(raw["user_id"]) ?? "",
    gains: asKeys(raw["gains"] ?? raw["gained"]),
    loses: asKeys(raw["loses"] ?? raw["lost"]),
  };
}

/** Who gains what and who loses what, as the server works it out, before anything is saved. */
export function Preview({ role, patch, onClose }: { role: Role; patch: Record<string, unknown>; onClose: () => void }) {
  const t = useWords();
  const { data, problem, reload } = useQuery(`preview:${role.id}:${JSON.stringify(patch)}`, async () => {
    const answer = asRaw(await post<unknown>("/roles/preview", { role_id: role.id, ...patch }));
    return asList(answer["items"] ?? answer["users"]).map(readChange).filter((each) =>
      each.gains.length + each.loses.length > 0
    );
  });
  return (
    <Dialog title={t("preview.title", { role: role.name })} onClose={onClose}>
      {problem && <ErrorState problem={problem} onRetry={reload} />}
      {!problem && !data && <Skeleton rows={4} />}
      {data?.length === 0 && <EmptyState icon="check" title={t("preview.none.title")} text={t("preview.none.text")} />}
      {data && data.length > 0 && (
        <ul className="rows">
          {data.map((change) => (
            <li key={change.name} className="row top">
              <div className="row-main">
                <div className="row-title">{change.name}</div>
                <Keys say="preview.gains" sign="+" keys={change.gains} />
                <Keys say="preview.loses" sign="−" keys={change.loses} />
              </div>
            </li>
          ))}
        </ul>
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
    <div className="tiny">
      <span className="muted">{t(say)}</span>{" "}
      {keys.map((key) => <code key={key} title={describe(registry, key, of)}>{sign} {key}</code>)}
    </div>
  );
}
