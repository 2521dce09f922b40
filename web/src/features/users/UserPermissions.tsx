import { useState } from "react";
import { get } from "../../lib/api";
import { fold } from "../../lib/fold";
import { useLanguage, useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { asList, asRaw, asText, type User } from "../../lib/resources";
import { exact } from "../../lib/time";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { SearchBox } from "../../ui/SearchBox";
import { Segmented } from "../../ui/Segmented";
import { ErrorState, Skeleton } from "../../ui/States";
import { useCan, useSession } from "../accounts/session";
import { describe, usePermissions } from "../roles/registry";
import { Because, readReasons, type Reason } from "./Because";
import { MomentField, momentOf } from "./Moment";
import { OverrideDialog } from "./OverrideDialog";

interface Explained {
  key: string;
  granted: boolean;
  because: Reason[];
}

const readExplained = (answer: unknown): Explained[] =>
  asList(asRaw(answer)["items"]).map((value) => {
    const raw = asRaw(value);
    return {
      key: asText(raw["key"]) ?? "",
      granted: raw["granted"] === true,
      because: readReasons(raw["because"]),
    };
  });

type Show = "granted" | "all" | "exceptions";

/** Everything the person may do, or might at another time, each with the role, inheritance or exception that gave it or took it. */
export function UserPermissions({ user }: { user: User }) {
  const t = useWords();
  const of = useLanguage();
  const overrides = useCan("roles.override");
  const session = useSession();
  const [search, setSearch] = useState("");
  const [show, setShow] = useState<Show>("granted");
  const [moment, setMoment] = useState("");
  const [editing, setEditing] = useState<string | null>(null);
  const registry = usePermissions();
  const at = momentOf(moment);
  const { data, problem, reload } = useQuery(
    `user:${user.id}:permissions:${user.roles.join()}:${at ?? ""}`,
    async () => readExplained(await get<unknown>(`/users/${user.id}/permissions`, { at })),
    { about: [`user:${user.id}`, "rights"] },
  );
  const wanted = fold(search.trim());
  const shows = (each: Explained) =>
    show === "all" || (show === "granted" ? each.granted : each.because.some((reason) => reason.source === "override"));
  const rows = (data ?? []).filter((each) =>
    shows(each) && fold(`${each.key} ${describe(registry, each.key, of)}`).includes(wanted)
  );
  const edits = overrides && at === null && session.user.id !== user.id;
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
          segments={[
            { value: "granted", label: t("why.granted") },
            { value: "exceptions", label: t("why.exceptions") },
            { value: "all", label: t("why.all") },
          ]}
        />
        <MomentField label={t("why.at")} value={moment} onChange={setMoment} />
      </div>
      {at !== null && (
        <p className="notice" role="status">
          <Icon name="history" />
          {t("why.then", { date: exact(Date.parse(at), of) })}
        </p>
      )}
      {problem && !data && <ErrorState problem={problem} onRetry={reload} />}
      {!problem && !data && <Skeleton rows={5} shape="line" />}
      {data && (
        <ul role="list" className="why" aria-label={t("why.title")}>
          {rows.map((each) => (
            <li key={each.key} className={each.granted ? "granted" : "refused"}>
              <span className="why-mark">
                <Icon name={each.granted ? "check" : "minus"} />
                <span className="hidden">{t(each.granted ? "why.yes" : "why.no")}</span>
              </span>
              <div className="why-text">
                <div>
                  {describe(registry, each.key, of)} <code>{each.key}</code>
                </div>
                <Because reasons={each.because} />
              </div>
              {edits && (
                <IconButton
                  icon="edit"
                  size={16}
                  label={t("override.edit", { key: each.key })}
                  onClick={() => setEditing(each.key)}
                />
              )}
            </li>
          ))}
          {rows.length === 0 && (
            <li className="muted">{t(show === "exceptions" && !wanted ? "why.noExceptions" : "permissions.none")}</li>
          )}
        </ul>
      )}
      {editing !== null && <OverrideDialog user={user} permission={editing} onClose={() => setEditing(null)} />}
    </section>
  );
}
