import { useState } from "react";
import { get } from "../../lib/api";
import { useLanguage, useWords, type Words } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { asIds, asList, asRaw, asText, type User } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Icon } from "../../ui/Icon";
import { SearchBox } from "../../ui/SearchBox";
import { Segmented } from "../../ui/Segmented";
import { ErrorState, Skeleton } from "../../ui/States";
import { describe, usePermissions } from "../roles/registry";
import { roles } from "../roles/roles";

interface Reason {
  source: "role" | "override" | "inherited";
  effect: "allow" | "deny";
  role: string | null;
  /** The roles between the one that is held and the one that says it, in that order. */
  via: string[];
  /** A deny that an owner is exempt from. */
  ignored: boolean;
}

interface Explained {
  key: string;
  granted: boolean;
  because: Reason[];
}

/** A reason names its source by the member that it has: `role`, `inherited` or `override`. */
function readReason(value: unknown): Reason {
  const raw = asRaw(value);
  const source = raw["override"] ? "override" : raw["inherited"] ? "inherited" : "role";
  return {
    source,
    effect: raw["effect"] === "deny" ? "deny" : "allow",
    role: asText(raw["name"]) ?? asText(raw[source]),
    via: asIds(raw["via"]),
    ignored: raw["ignored"] === true,
  };
}

function readExplained(answer: unknown): Explained[] {
  const list = Array.isArray(answer) ? answer : asList(asRaw(answer)["items"] ?? asRaw(answer)["permissions"]);
  return list.map((value) => {
    const raw = asRaw(value);
    return {
      key: asText(raw["key"]) ?? "",
      granted: raw["granted"] === true,
      because: asList(raw["because"]).map(readReason),
    };
  });
}

/** Everything the person may do, each with the role, inheritance or exception that gave it or took it. */
export function UserPermissions({ user }: { user: User }) {
  const t = useWords();
  const of = useLanguage();
  const [search, setSearch] = useState("");
  const [show, setShow] = useState<"granted" | "all">("granted");
  const registry = usePermissions();
  const { data, problem, reload } = useQuery(
    `user:${user.id}:permissions:${user.roles.join()}`,
    async () => readExplained(await get<unknown>(`/users/${user.id}/permissions`)),
  );
  const wanted = search.trim().toLowerCase();
  const rows = (data ?? []).filter((each) =>
    (show === "all" || each.granted) && `${each.key} ${describe(registry, each.key, of)}`.toLowerCase().includes(wanted)
  );
  return (
    <section className="stack tight" aria-label={t("why.title")}>
      <div className="section-head">
        <h3>{t("why.title")}</h3>
        {data && (
          <span className="muted tiny num">
            {t("why.count", { count: data.filter((each) => each.granted).length })}
          </span>
        )}
      </div>
      <div className="filters">
        <SearchBox label={t("permissions.search")} value={search} onChange={setSearch} />
        <Segmented
          legend={t("why.show")}
          value={show}
          onChange={setShow}
          segments={[{ value: "granted", label: t("why.granted") }, { value: "all", label: t("why.all") }]}
        />
      </div>
      {problem && !data && <ErrorState problem={problem} onRetry={reload} />}
      {!problem && !data && <Skeleton rows={5} shape="line" />}
      {data && (
        <ul role="list" className="why">
          {rows.map((each) => (
            <li key={each.key} className={each.granted ? "granted" : "refused"}>
              <span className="why-mark">
                <Icon name={each.granted ? "check" : "minus"} />
                <span className="hidden">{t(each.granted ? "why.yes" : "why.no")}</span>
              </span>
              <div>
                <div>
                  {describe(registry, each.key, of)} <code>{each.key}</code>
                </div>
                <Because reasons={each.because} />
              </div>
            </li>
          ))}
          {rows.length === 0 && <li className="muted">{t("permissions.none")}</li>}
        </ul>
      )}
    </section>
  );
}

function sentence(reason: Reason, name: (id: string) => string, t: Words): string {
  const role = reason.role === null ? "?" : name(reason.role);
  const said = reason.source === "override"
    ? t(reason.effect === "allow" ? "why.override.allow" : "why.override.deny")
    : reason.source === "inherited"
    ? t(reason.effect === "allow" ? "why.inherited.allow" : "why.inherited.deny", { role })
    : t(reason.effect === "allow" ? "why.role.allow" : "why.role.deny", { role });
  const through = reason.via.map(name).filter((each) => each !== role);
  return [
    said,
    through.length > 0 && `(${t("why.via", { role: through.join(" → ") })})`,
    reason.ignored && `– ${t("why.ignored")}`,
  ].filter(Boolean).join(" ");
}

function Because({ reasons }: { reasons: readonly Reason[] }) {
  const t = useWords();
  const byId = useStore(roles, (all) => all.byId);
  const name = (id: string) => byId[id]?.name ?? id;
  if (reasons.length === 0) return <div className="tiny muted">{t("why.nothing")}</div>;
  return (
    <div className="tiny muted">
      {reasons.map((reason, index) => (
        <span key={index} className={`reason ${reason.ignored ? "" : reason.effect}`}>{sentence(reason, name, t)}</span>
      ))}
    </div>
  );
}
