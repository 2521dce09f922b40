import { type ReactNode, useRef } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import { shownStatuses } from "../../lib/resources";
import { useQueryState } from "../../lib/router";
import { useTyped } from "../../lib/typed";
import { Button } from "../../ui/Button";
import { FilterSelect, SelectField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { FilterSheet } from "../../ui/FilterSheet";
import { useNarrow } from "../../ui/useMedia";
import { SearchBox } from "../../ui/SearchBox";
import { useRoles } from "../roles/roles";
import { conditionNames, filterNames, sayCondition, sorts } from "./filters";
import { ColumnsButton } from "./ColumnsButton";
import { MoreFilters } from "./MoreFilters";
import { SavedFilters } from "./SavedFilters";
import { roleTitle } from "../../lib/roleTitle";

/** The filters, which live in the address: they can be shared, and survive a reload. */
export function UserFilters() {
  const t = useWords();
  const [text, setText] = useTyped("search");
  const narrow = useNarrow();
  return (
    <div role="search" aria-label={t("users.filters")}>
      <div className="filters">
        <SearchBox label={t("users.search")} value={text} onChange={setText} />
        {narrow
          ? (
            <MoreButton>
              <RoleFilter field />
              <StatusFilter field />
              <SortFilter field />
            </MoreButton>
          )
          : (
            <>
              <RoleFilter />
              <StatusFilter />
              <MoreButton />
              <SortFilter />
            </>
          )}
        <SavedFilters />
        {!narrow && <ColumnsButton />}
      </div>
      <Chips />
    </div>
  );
}

interface FilterProps {
  /** With its label written out, as in a form. */
  field?: boolean;
}

function StatusFilter({ field = false }: FilterProps) {
  const t = useWords();
  const [query, setQuery] = useQueryState();
  const Select = field ? SelectField : FilterSelect;
  return (
    <Select
      label={t("users.filter.status")}
      value={query["status"] ?? ""}
      onChange={(event) => setQuery({ status: event.target.value })}
    >
      <option value="">{t("users.filter.anyStatus")}</option>
      {shownStatuses.map((status) => <option key={status} value={status}>{t(`status.${status}`)}</option>)}
    </Select>
  );
}

function SortFilter({ field = false }: FilterProps) {
  const t = useWords();
  const [query, setQuery] = useQueryState();
  const Select = field ? SelectField : FilterSelect;
  return (
    <Select
      label={t("users.filter.sort")}
      value={query["sort"] ?? ""}
      onChange={(event) => setQuery({ sort: event.target.value })}
    >
      <option value="">{t("users.sort.username")}</option>
      {sorts.slice(1).map((sort) => <option key={sort} value={sort}>{t(`users.sort.${sort}`)}</option>)}
    </Select>
  );
}

function RoleFilter({ field = false }: FilterProps) {
  const t = useWords();
  const roles = useRoles();
  const [query, setQuery] = useQueryState();
  const Select = field ? SelectField : FilterSelect;
  return (
    <Select
      label={t("users.filter.role")}
      value={query["role"] ?? ""}
      onChange={(event) => setQuery({ role: event.target.value })}
    >
      <option value="">{t("users.filter.anyRole")}</option>
      {roles.map((role) => <option key={role.id} value={role.id}>{roleTitle(role.name, t)}</option>)}
    </Select>
  );
}

/** Opens the filters that are needed less often; on a phone all of them. */
function MoreButton({ children }: { children?: ReactNode }) {
  const t = useWords();
  const [query] = useQueryState();
  const set = conditionNames.filter((name) => name !== "search" && query[name]).length;
  return (
    <FilterSheet label={t("users.filter.more")} set={children ? set : 0}>
      <MoreFilters>{children}</MoreFilters>
    </FilterSheet>
  );
}

/** What is asked for, one chip each: a press takes it away. */
function Chips() {
  const t = useWords();
  const of = useLanguage();
  const roles = useRoles();
  const bar = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useQueryState();
  const set = conditionNames.filter((name) => query[name]);
  const remove = (names: readonly string[]) => {
    setQuery(Object.fromEntries(names.map((name) => [name, null])));
    // The chip that was pressed is gone: the next one takes the focus, or the search.
    requestAnimationFrame(() => {
      const next = bar.current?.querySelector<HTMLElement>("button") ??
        document.querySelector<HTMLElement>("[role=search] input");
      if (document.activeElement === document.body) next?.focus();
    });
  };
  if (set.length === 0) return null;
  return (
    <div ref={bar} className="filter-chips">
      <ul role="list" className="chips" aria-label={t("users.filter.active")}>
        {set.map((name) => {
          const said = sayCondition(name, query[name] ?? "", { t, of, roles });
          return (
            <li key={name}>
              <button
                type="button"
                className="chip filter-chip"
                aria-label={t("users.filter.remove", { filter: said })}
                onClick={() => remove([name])}
              >
                <span className="cut">{said}</span>
                <Icon name="close" size={12} />
              </button>
            </li>
          );
        })}
      </ul>
      <Button look="quiet" onClick={() => remove(filterNames)}>{t("users.filter.clear")}</Button>
    </div>
  );
}
