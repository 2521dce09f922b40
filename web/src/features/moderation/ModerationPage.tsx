import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { usePages } from "../../lib/query";
import { nameOf } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { useStore } from "../../lib/store";
import { FilterSelect } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Segmented } from "../../ui/Segmented";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { Time } from "../../ui/Time";
import { auditSentence } from "../../contract/feature";
import type { Entry } from "../audit/entries";
import { Avatar } from "../presence/Avatar";
import { kinds, type Sanction } from "../sanctions/sanctions";
import {
  type CaseLine,
  casesKey,
  fetchCases,
  fetchJournal,
  fetchSanctions,
  type Filter,
  filters,
  journalFile,
  sanctionsKey,
} from "./cases";
import { FilterList } from "./FilterList";
import { Protection } from "./Protection";
import { SanctionRow } from "./SanctionRow";
import { waiting } from "./waiting";

const tabs = ["cases", "sanctions", "filters", "protection", "journal"] as const;

/** The cases, the sanctions, the filters and the journal. */
export function ModerationPage({ tab }: { tab: string | null }) {
  const t = useWords();
  const count = useStore(waiting);
  const current = tabs.find((each) => each === tab) ?? "cases";
  return (
    <Page title={t("nav.moderation")}>
      <Tabs
        label={t("nav.moderation")}
        tabs={tabs.map((each) => ({
          id: each,
          label: t(`team.tab.${each}`),
          ...(each === "cases" && count > 0 ? { count } : {}),
        }))}
        value={current}
        onChange={(next) =>
          navigate(next === "cases" ? "/panel/moderation" : `/panel/moderation/${next}`, { replace: true })}
      >
        {current === "cases" && <Queue />}
        {current === "sanctions" && <Sanctions />}
        {current === "filters" && <FilterList />}
        {current === "protection" && <Protection />}
        {current === "journal" && <Journal />}
      </Tabs>
    </Page>
  );
}

function Queue() {
  const t = useWords();
  const [filter, setFilter] = useState<Filter>("open");
  const list = usePages<CaseLine>(casesKey(filter), (cursor) => fetchCases(filter, cursor));
  return (
    <div className="stack">
      <Segmented
        legend={t("team.filter")}
        value={filter}
        onChange={setFilter}
        segments={filters.map((value) => ({ value, label: t(`team.filter.${value}`) }))}
      />
      <Cases list={list} filter={filter} />
    </div>
  );
}

function Cases({ list, filter }: { list: ReturnType<typeof usePages<CaseLine>>; filter: Filter }) {
  const t = useWords();
  if (list.problem && !list.pages) return <ErrorState problem={list.problem} onRetry={list.reload} />;
  if (!list.pages) return <Skeleton rows={6} shape="card" />;
  if (list.pages.items.length === 0 && list.pages.next === null) {
    return <EmptyState icon="check" title={t("team.none.title")} text={t("team.none.text")} />;
  }
  return (
    <>
      <ul role="list" className="cases" aria-label={t(`team.filter.${filter}`)}>
        {list.pages.items.map((each) => <CaseRow key={each.id} of={each} />)}
      </ul>
      <More list={list} />
    </>
  );
}

/** The title of a case. */
export function useCaseTitle(): (of: CaseLine) => string {
  const t = useWords();
  return (of) =>
    of.kind === "appeal"
      ? t("team.appealOf", { name: of.subject ? nameOf(of.subject) : t("team.gone") })
      : t(`report.category.${of.category as "other"}`);
}

function CaseRow({ of }: { of: CaseLine }) {
  const t = useWords();
  const title = useCaseTitle()(of);
  return (
    <li>
      <Link href={`/panel/moderation/cases/${of.id}`} className={`case-row severity-${of.severity}`}>
        <span className="case-mark" title={t(`team.severity.${of.severity as 1}`)}>
          <Icon name={of.kind === "appeal" ? "reply" : of.severity >= 3 ? "warning" : "info"} size={18} />
          <span className="hidden">{t(`team.severity.${of.severity as 1}`)}</span>
        </span>
        <span className="case-main">
          <b className="cut">{title}</b>
          <span className="tiny muted cut">
            {of.subject ? nameOf(of.subject) : t("team.gone")} · {t(`team.target.${of.target as "user"}`)}
            {of.reportCount > 1 && <>{" · "}{t("team.reports", { count: of.reportCount })}</>}
          </span>
        </span>
        <span className="case-side tiny">
          {of.state === "open"
            ? (
              <span className={of.overdue ? "case-late" : "muted"}>
                {t(of.overdue ? "team.overdue" : "team.due")} <Time at={of.dueAt} />
              </span>
            )
            : (
              <span className="muted">
                {t(
                  of.state === "merged" ? "team.merged" : of.outcome === "dismissed" ? "team.dismissed" : "team.acted",
                )}
              </span>
            )}
          {of.assignee && of.state === "open" && (
            <span className="case-holder">
              <Avatar user={of.assignee} size="small" /> <span className="cut">{nameOf(of.assignee)}</span>
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}

function Sanctions() {
  const t = useWords();
  const [kind, setKind] = useState("");
  const [state, setState] = useState("");
  const filter = {
    ...(kind ? { kind } : {}),
    ...(state ? { active: state === "active" } : {}),
  };
  const list = usePages<Sanction>(sanctionsKey(filter), (cursor) => fetchSanctions(filter, cursor), {
    about: ["sanctions"],
  });
  return (
    <div className="stack">
      <div className="team-filters">
        <FilterSelect label={t("team.kind")} value={kind} onChange={(event) => setKind(event.target.value)}>
          <option value="">{t("team.kind.all")}</option>
          {kinds.map((each) => <option key={each} value={each}>{t(`sanctions.kind.${each}`)}</option>)}
        </FilterSelect>
        <FilterSelect label={t("team.state")} value={state} onChange={(event) => setState(event.target.value)}>
          <option value="">{t("team.state.all")}</option>
          <option value="active">{t("team.state.active")}</option>
          <option value="over">{t("team.state.over")}</option>
        </FilterSelect>
      </div>
      {list.problem && !list.pages
        ? <ErrorState problem={list.problem} onRetry={list.reload} />
        : !list.pages
        ? <Skeleton rows={6} shape="card" />
        : list.pages.items.length === 0
        ? <EmptyState icon="shield" title={t("team.noSanctions.title")} text={t("team.noSanctions.text")} />
        : (
          <>
            <ul role="list" className="sanctions" aria-label={t("team.tab.sanctions")}>
              {list.pages.items.map((each) => <SanctionRow key={each.id} sanction={each} showsUser />)}
            </ul>
            <More list={list} />
          </>
        )}
    </div>
  );
}

/** The audit log's entries of moderation, and their export as CSV. */
function Journal() {
  const t = useWords();
  const list = usePages<Entry>("moderation-journal", fetchJournal);
  if (list.problem && !list.pages) return <ErrorState problem={list.problem} onRetry={list.reload} />;
  if (!list.pages) return <Skeleton rows={8} />;
  return (
    <div className="stack">
      <div>
        <a className="btn btn-plain" href={journalFile} download>
          <Icon name="copy" />
          <span>{t("team.journal.export")}</span>
        </a>
      </div>
      {list.pages.items.length === 0
        ? <EmptyState icon="audit" title={t("team.journal.none.title")} text={t("team.journal.none.text")} />
        : (
          <>
            <ol role="list" className="journal" aria-label={t("team.tab.journal")}>
              {list.pages.items.map((each) => <JournalRow key={each.id} entry={each} />)}
            </ol>
            <More list={list} />
          </>
        )}
    </div>
  );
}

function JournalRow({ entry }: { entry: Entry }) {
  const t = useWords();
  const key = auditSentence(entry.action);
  const values = { actor: entry.actorName ?? t("team.system"), user: entry.targetName ?? t("team.gone") };
  return (
    <li className="journal-row">
      <Icon name={entry.ok ? "check" : "lock"} />
      <span className="grow">
        {key ? t(key, values) : entry.action}
        {!entry.ok && <span className="muted">{` · ${t("team.journal.refused")}`}</span>}
        {entry.reason && <span className="tiny muted cut">{entry.reason}</span>}
      </span>
      <span className="tiny muted">
        <Time at={entry.at} />
      </span>
    </li>
  );
}
