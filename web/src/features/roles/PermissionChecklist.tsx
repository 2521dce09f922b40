import { useMemo, useState } from "react";
import { fold } from "../../lib/fold";
import { type Language, useLanguage, useWords } from "../../lib/i18n";
import { type Choice, choiceOf, covers } from "../../lib/permissions";
import { useStore } from "../../lib/store";
import { Icon, type IconName } from "../../ui/Icon";
import { SearchBox } from "../../ui/SearchBox";
import { Segmented } from "../../ui/Segmented";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { type Draft, withChoice } from "./draft";
import { isAvailable, moduleName, type Permission, useRegistry } from "./registry";
import { roles } from "./roles";
import { roleTitle } from "../../lib/roleTitle";

interface ChecklistProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  locked: boolean;
}

type Show = "all" | "set";

/** Every permission of the registry, by feature: allow, leave, or deny; and what already comes from elsewhere. */
export function PermissionChecklist({ draft, onChange, locked }: ChecklistProps) {
  const t = useWords();
  const of = useLanguage();
  const { data, problem, reload } = useRegistry();
  const [search, setSearch] = useState("");
  const [show, setShow] = useState<Show>("all");
  const groups = useMemo(() => group(data ?? [], search, show, draft, of), [data, search, show, draft, of]);
  const inherited = useInherited(draft.inherits);
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={8} shape="line" />;
  return (
    <div className="checklist">
      <div className="filters">
        <SearchBox label={t("permissions.search")} value={search} onChange={setSearch} />
        <Segmented
          legend={t("why.show")}
          value={show}
          onChange={setShow}
          segments={[{ value: "all", label: t("permissions.all") }, { value: "set", label: t("permissions.set") }]}
        />
      </div>
      <Wildcards draft={draft} onChange={onChange} locked={locked} />
      {groups.length === 0 && (
        <EmptyState icon="search" title={t("permissions.none")} text={t("permissions.noneText")} />
      )}
      {groups.map(([module, permissions]) => (
        <section key={module} className="perm-group" aria-labelledby={`perms-${module}`}>
          <header>
            <h2 id={`perms-${module}`}>{t(moduleName(module))}</h2>
            <span className="tiny muted num">
              {permissions.filter((each) =>
                covers(draft.permissions, each.key) && !covers(draft.denied, each.key)
              )
                .length}
              /{permissions.length}
            </span>
          </header>
          <ul role="list">
            {permissions.map((each) => (
              <Line
                key={each.key}
                permission={each}
                draft={draft}
                onChange={onChange}
                locked={locked}
                from={inherited.get(each.key)}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function group(
  all: readonly Permission[],
  search: string,
  show: Show,
  draft: Draft,
  of: Language,
): [string, Permission[]][] {
  const wanted = fold(search.trim());
  const groups = new Map<string, Permission[]>();
  for (const each of all) {
    // What no feature of this version asks for is no choice, unless the role has made it.
    if (!isAvailable(each.module) && choiceOf(draft, each.key) === "unset") continue;
    if (show === "set" && choiceOf(draft, each.key) === "unset") continue;
    if (!fold(`${each.key} ${each.description[of]}`).includes(wanted)) continue;
    groups.set(each.module, [...(groups.get(each.module) ?? []), each]);
  }
  return [...groups];
}

/** Which keys come through `inherits`, with the name of the role that brings them. */
function useInherited(ids: readonly string[]): Map<string, string> {
  const t = useWords();
  const byId = useStore(roles, (all) => all.byId);
  return useMemo(() => {
    const found = new Map<string, string>();
    const seen = new Set<string>();
    const walk = (id: string) => {
      const role = byId[id];
      if (!role || seen.has(id)) return;
      seen.add(id);
      for (const key of role.permissions) if (!found.has(key)) found.set(key, roleTitle(role.name, t));
      role.inherits.forEach(walk);
    };
    ids.forEach(walk);
    return found;
  }, [ids, byId, t]);
}

/** `*` and `users.*` are not in the list: they show apart, and can be let go of. */
function Wildcards({ draft, onChange, locked }: ChecklistProps) {
  const t = useWords();
  const held = draft.permissions.filter((key) => key.endsWith("*"));
  if (held.length === 0) return null;
  return (
    <div className="notice wrap">
      <Icon name="shield" />
      <span>{t("permissions.wildcards")}</span>
      {held.map((key) => (
        <button
          key={key}
          type="button"
          className="chip"
          disabled={locked}
          aria-label={t("permissions.dropWildcard", { key })}
          onClick={() => onChange(withChoice(draft, key, "unset"))}
        >
          <code>{key}</code>
          {!locked && <Icon name="close" size={12} />}
        </button>
      ))}
    </div>
  );
}

function Mark({ icon, word }: { icon: IconName; word: string }) {
  return (
    <>
      <Icon name={icon} />
      <span className="mark-word" aria-hidden="true">{word}</span>
    </>
  );
}

interface LineProps extends ChecklistProps {
  permission: Permission;
  from: string | undefined;
}

function Line({ permission, draft, onChange, locked, from }: LineProps) {
  const t = useWords();
  const of = useLanguage();
  const { key, description } = permission;
  const choice = choiceOf(draft, key);
  const wide = choice === "unset" && draft.permissions.find((each) => each.endsWith("*") && covers([each], key));
  const segments: { value: Choice; label: string; content: JSX.Element }[] = [
    { value: "deny", label: t("permissions.deny"), content: <Mark icon="close" word={t("permissions.deny")} /> },
    { value: "unset", label: t("permissions.unset"), content: <Mark icon="minus" word={t("permissions.unset")} /> },
    { value: "allow", label: t("permissions.allow"), content: <Mark icon="check" word={t("permissions.allow")} /> },
  ];
  return (
    <li className={`perm ${choice}`}>
      <div className="perm-text">
        <div>{description[of]}</div>
        <div className="tiny muted">
          <code>{key}</code>
          {wide && <span>{t("permissions.byWildcard", { key: wide })}</span>}
          {choice === "unset" && from && <span>{t("permissions.byRole", { role: from })}</span>}
        </div>
      </div>
      <Segmented
        legend={`${description[of]} (${key})`}
        look="marks"
        value={choice}
        segments={segments}
        disabled={locked}
        onChange={(next) => onChange(withChoice(draft, key, next))}
      />
    </li>
  );
}
