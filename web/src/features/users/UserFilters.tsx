import { useRef, useState } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import { shownStatuses } from "../../lib/resources";
import { useQueryState } from "../../lib/router";
import { useTyped } from "../../lib/typed";
import { Button } from "../../ui/Button";
import { FilterSelect } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Popover } from "../../ui/Popover";
import { SearchBox } from "../../ui/SearchBox";
import { useRoles } from "../roles/roles";
import { conditionNames, filterNames, sayCondition, sorts } from "./filters";
import { MoreFilters } from "./MoreFilters";
import { SavedFilters } from "./SavedFilters";

/** The filters, which live in the address: they can be shared, and survive a reload. */
export function UserFilters() {
  const t = useWords();
  const [query, setQuery] = useQueryState();
  const [text, setText] = useTyped("search");
  return (
    <div role="search" aria-label={t("users.filters")}>
      <div className="filters">
        <SearchBox label={t("users.search")} value={text} onChange={setText} />
        <RoleFilter />
        <FilterSelect
          label={t("users.filter.status")}
          value={query["status"] ?? ""}
          onChange={(event) => setQuery({ status: event.target.value })}
        >
          <option value="">{t("users.filter.anyStatus")}</option>
          {shownStatuses.map((status) => <option key={status} value={status}>{t(`status.${status}`)}</option>)}
        </FilterSelect>
        <MoreButton />
        <FilterSelect
          label={t("users.filter.sort")}
          value={query["sort"] ?? ""}
          onChange={(event) => setQuery({ sort: event.target.value })}
        >
          <option value="">{t("users.sort.username")}</option>
          {sorts.slice(1).map((sort) => <option key={sort} value={sort}>{t(`users.sort.${sort}`)}</option>)}
        </FilterSelect>
        <SavedFilters />
      </div>
      <Chips />
    </div>
  );
}

function RoleFilter() {
  const t = useWords();
  const roles = useRoles();
  const [query, setQuery] = useQueryState();
  return (
    <FilterSelect
      label={t("users.filter.role")}
      value={query["role"] ?? ""}
      onChange={(event) => setQuery({ role: event.target.value })}
    >
      <option value="">{t("users.filter.anyRole")}</option>
      {roles.map((role) => <option key={role.id} value={role.id}>{role.name}</option>)}
    </FilterSelect>
  );
}

function MoreButton() {
  const t = useWords();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button ref={anchor} icon="filter" aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t("users.filter.more")}
      </Button>
      {open && (
        <Popover
          anchor={anchor}
          label={t("users.filter.more")}
          className="more-filters"
          onClose={() => setOpen(false)}
        >
          <MoreFilters />
        </Popover>
      )}
    </>
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
