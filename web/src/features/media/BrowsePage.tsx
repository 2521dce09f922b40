import "./browse.css";
import "./chips.css";
import { useEffect, useState } from "react";
import { useWords } from "../../lib/i18n";
import { useQueryState } from "../../lib/router";
import { FilterSelect } from "../../ui/Field";
import { FilterSheet } from "../../ui/FilterSheet";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { SearchBox } from "../../ui/SearchBox";
import { Segmented } from "../../ui/Segmented";
import { EmptyState, ErrorState } from "../../ui/States";
import { useMedia } from "../../ui/useMedia";
import { type Facets, type Filters, sorts, useBrowse, useFacets } from "./catalogue";
import { FacetList } from "./FacetList";
import { type Change, filtersOf, yearLabel } from "./filters";
import { Posters, PosterShapes } from "./Posters";

/** The catalogue with search and filters, all of which are in the address. */
export function BrowsePage() {
  const t = useWords();
  const [query, change] = useQueryState();
  const filters = filtersOf(query);
  const list = useBrowse(filters);
  const facets = useFacets(filters);
  const isWide = useMedia("(min-width: 1180px)");
  const set = [filters.genre, filters.year].filter(Boolean).length;
  const facetList = <FacetList facets={facets.data} filters={filters} onChange={change} />;
  return (
    <Page
      title={t("films.browse")}
      after={list.pages?.total !== undefined && (
        <span className="muted small num">{t("films.browse.of", { count: list.pages.total })}</span>
      )}
      aside={isWide && (
        <aside className="aside facets" aria-label={t("films.filters")}>
          <h2>{t("films.filters")}</h2>
          {facetList}
        </aside>
      )}
    >
      <div className="browse-bar">
        <Search value={filters.search} onChange={change} />
        <Segmented
          legend={t("films.type")}
          value={filters.type ?? "all"}
          onChange={(type) => change({ type: type === "all" ? null : type })}
          segments={(["all", "film", "series"] as const).map((value) => ({ value, label: t(`films.type.${value}`) }))}
        />
        <FilterSelect
          label={t("films.sort")}
          value={filters.sort ?? ""}
          onChange={(event) => change({ sort: event.target.value })}
        >
          <option value="">{t(filters.search ? "films.sort.match" : "films.sort.popularity")}</option>
          {sorts.filter((sort) => filters.search || sort !== "popularity").map((sort) => (
            <option key={sort} value={sort}>{t(`films.sort.${sort}`)}</option>
          ))}
        </FilterSelect>
        {!isWide && <FilterSheet label={t("films.filters")} set={set}>{facetList}</FilterSheet>}
      </div>
      <Chosen filters={filters} facets={facets.data} onChange={change} />
      {list.pages
        ? list.pages.items.length > 0
          ? (
            <>
              <Posters label={t("films.browse")} titles={list.pages.items} />
              <More list={list} />
            </>
          )
          : (
            <EmptyState
              icon="film"
              title={t("films.none.title")}
              text={filters.search ? t("films.none.search", { text: filters.search }) : t("films.none.filters")}
            >
              {(set > 0 || filters.type || filters.search) && (
                <Button onClick={() => change({ genre: null, year: null, type: null, search: null })}>
                  {t("films.filters.clear")}
                </Button>
              )}
            </EmptyState>
          )
        : list.problem
        ? <ErrorState problem={list.problem} onRetry={list.reload} />
        : <PosterShapes count={18} />}
      <span className="hidden" role="status">
        {list.pages?.total !== undefined && filters.search && t("films.browse.of", { count: list.pages.total })}
      </span>
    </Page>
  );
}

/** The typed text goes to the address after a pause, so that not every letter starts a search. */
function Search({ value, onChange }: { value: string; onChange: Change }) {
  const t = useWords();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value.trim()) return;
    const timer = setTimeout(() => onChange({ search: text.trim(), sort: null }), 200);
    return () => clearTimeout(timer);
  }, [text]);
  return <SearchBox label={t("films.search")} value={text} onChange={setText} />;
}

function Chosen({ filters, facets, onChange }: { filters: Filters; facets: Facets | undefined; onChange: Change }) {
  const t = useWords();
  const genre = filters.genre && (facets?.genres.find(({ id }) => id === filters.genre)?.name ?? filters.genre);
  const chips = [
    ...(genre ? [{ key: "genre", label: genre }] : []),
    ...(filters.year ? [{ key: "year", label: yearLabel(filters.year, t) }] : []),
  ];
  if (chips.length === 0) return null;
  return (
    <div className="browse-chosen">
      {chips.map(({ key, label }) => (
        <button
          key={key}
          type="button"
          className="chip-button on"
          aria-label={t("films.filters.remove", { name: label })}
          onClick={() => onChange({ [key]: null })}
        >
          {label}
          <Icon name="close" size={14} />
        </button>
      ))}
      <button type="button" className="link small" onClick={() => onChange({ genre: null, year: null })}>
        {t("films.filters.clear")}
      </button>
    </div>
  );
}
