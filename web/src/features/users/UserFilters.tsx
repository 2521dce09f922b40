import { useEffect, useState } from "react";
import { useWords } from "../../lib/i18n";
import { shownStatuses } from "../../lib/resources";
import { useQueryState } from "../../lib/router";
import { Button } from "../../ui/Button";
import { FilterSelect } from "../../ui/Field";
import { SearchBox } from "../../ui/SearchBox";
import { useRoles } from "../roles/roles";

/** What the address may say; the server refuses what it does not know. */
export const filterNames = ["search", "role", "status", "banned", "disabled", "sort"] as const;
const sorts = ["-created_at", "created_at", "-last_seen_at"] as const;

/** The filters, which live in the address: they can be shared, and survive a reload. */
export function UserFilters() {
  const t = useWords();
  const roles = useRoles();
  const [query, setQuery] = useQueryState();
  const [text, setText] = useState(query["search"] ?? "");
  useEffect(() => {
    if (text.trim() === (query["search"] ?? "")) return;
    const timer = setTimeout(() => setQuery({ search: text.trim() || null }), 220);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => setText((now) => (now.trim() === (query["search"] ?? "") ? now : query["search"] ?? "")), [
    query["search"],
  ]);
  const account = query["banned"] ? "banned" : query["disabled"] ? "disabled" : "";
  const filtered = filterNames.some((name) => query[name]);
  return (
    <div className="filters" role="search" aria-label={t("users.filters")}>
      <SearchBox label={t("users.search")} value={text} onChange={setText} />
      <FilterSelect
        label={t("users.filter.role")}
        value={query["role"] ?? ""}
        onChange={(event) => setQuery({ role: event.target.value })}
      >
        <option value="">{t("users.filter.anyRole")}</option>
        {roles.map((role) => <option key={role.id} value={role.id}>{role.name}</option>)}
      </FilterSelect>
      <FilterSelect
        label={t("users.filter.status")}
        value={query["status"] ?? ""}
        onChange={(event) => setQuery({ status: event.target.value })}
      >
        <option value="">{t("users.filter.anyStatus")}</option>
        {shownStatuses.map((status) => <option key={status} value={status}>{t(`status.${status}`)}</option>)}
      </FilterSelect>
      <FilterSelect
        label={t("users.filter.account")}
        value={account}
        onChange={(event) =>
          setQuery({
            banned: event.target.value === "banned" ? "true" : null,
            disabled: event.target.value === "disabled" ? "true" : null,
          })}
      >
        <option value="">{t("users.filter.anyAccount")}</option>
        <option value="banned">{t("users.badge.banned")}</option>
        <option value="disabled">{t("users.badge.disabled")}</option>
      </FilterSelect>
      <FilterSelect
        label={t("users.filter.sort")}
        value={query["sort"] ?? ""}
        onChange={(event) => setQuery({ sort: event.target.value })}
      >
        <option value="">{t("users.sort.default")}</option>
        {sorts.map((sort) => <option key={sort} value={sort}>{t(`users.sort.${sort}`)}</option>)}
      </FilterSelect>
      {filtered && (
        <Button
          look="quiet"
          icon="close"
          onClick={() => {
            setText("");
            setQuery(Object.fromEntries(filterNames.map((name) => [name, null])));
          }}
        >
          {t("common.clear")}
        </Button>
      )}
    </div>
  );
}
