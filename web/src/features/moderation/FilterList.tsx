import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { nameOf } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { Button } from "../../ui/Button";
import { Link } from "../../ui/Link";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { useCan } from "../accounts/session";
import { fetchFilters, filtersKey, hasList, type TextFilter } from "./filters";

const newFilter = "/panel/moderation/filters/new";

/** The automatic filters: what each looks for, and what it does. */
export function FilterList() {
  const t = useWords();
  const may = useCan("moderation.filters");
  const { data, problem, reload } = useQuery(filtersKey, fetchFilters);
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={4} shape="card" />;
  const add = may && (
    <Button
      look={data.length === 0 ? "primary" : "plain"}
      icon="plus"
      onClick={() => navigate(newFilter)}
    >
      {t("team.filters.new")}
    </Button>
  );
  if (data.length === 0) {
    return (
      <EmptyState icon="shield" title={t("team.filters.none.title")} text={t("team.filters.none.text")}>
        {add}
      </EmptyState>
    );
  }
  return (
    <div className="stack">
      <div className="team-head">{add}</div>
      <ul role="list" className="cases" aria-label={t("team.tab.filters")}>
        {data.map((each) => <FilterRow key={each.name} of={each} />)}
      </ul>
    </div>
  );
}

function FilterRow({ of }: { of: TextFilter }) {
  const t = useWords();
  const what = hasList(of.kind)
    ? t(`team.filters.size.${of.kind as "words"}`, { count: of.list.length })
    : t(`team.filters.kind.${of.kind}`);
  return (
    <li>
      <Link
        href={`/panel/moderation/filters/${encodeURIComponent(of.name)}`}
        className="case-row"
      >
        <span className="case-main">
          <b className="cut">{of.name}</b>
          <span className="tiny muted cut">
            {what}
            {of.author && <>{" · "}{t("team.by", { name: nameOf(of.author) })}</>}
          </span>
        </span>
        <span className="filter-acts">
          {of.enabled
            ? of.actions.map((action) => <span key={action} className="badge">{t(`team.filters.act.${action}`)}</span>)
            : <span className="badge">{t("team.filters.off")}</span>}
        </span>
      </Link>
    </li>
  );
}
