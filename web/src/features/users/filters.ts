// What the list of members can be asked for: the parameters of `GET /users`, as the address holds them.
import { roleTitle } from "../../lib/roleTitle";
import type { Key, Language, Words } from "../../lib/i18n";
import { locale } from "../../lib/i18n";
import type { Role } from "../../lib/resources";
import { shownStatuses } from "../../lib/resources";

export const sorts = ["username", "-username", "-created_at", "created_at", "-last_seen_at", "last_seen_at"] as const;

/** Those that choose people, in the order of their chips; `sort` puts them in order. */
export const conditionNames = [
  "search",
  "role",
  "permission",
  "status",
  "activity",
  "tag",
  "created_after",
  "created_before",
  "active_after",
  "banned",
  "disabled",
  "deleted",
] as const;

export type Condition = (typeof conditionNames)[number];
export const filterNames = [...conditionNames, "sort"] as const;

type Pairs = Readonly<Record<string, string>>;

const pairsOf = (query: Pairs): [string, string][] =>
  filterNames.flatMap((name): [string, string][] => {
    const value = query[name];
    return value ? [[name, value]] : [];
  });

/** What of an address is about the list. */
export const filtersOf = (query: Pairs): Record<string, string> => Object.fromEntries(pairsOf(query));

/** The same people in the same order give the same text. */
export const textOf = (query: Pairs): string => new URLSearchParams(pairsOf(query)).toString();

const labels: Record<Condition, Key> = {
  search: "users.filter.search",
  role: "users.filter.role",
  permission: "users.filter.permission",
  status: "users.filter.status",
  activity: "users.filter.activity",
  tag: "users.filter.tag",
  created_after: "users.filter.created_after",
  created_before: "users.filter.created_before",
  active_after: "users.filter.active_after",
  banned: "users.badge.banned",
  disabled: "users.badge.disabled",
  deleted: "users.badge.deleted",
};

/** `2026-03-01` where the reader is, as the moment it begins. */
export function momentOfDay(day: string): string | null {
  const at = day ? new Date(`${day}T00:00`).getTime() : NaN;
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

export function dayOf(moment: string | undefined): string {
  const date = new Date(moment ?? NaN);
  if (Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** One condition in words: "Role: mod", "Joined since: 1 Mar 2026". */
export function sayCondition(
  name: Condition,
  value: string,
  { t, of, roles }: { t: Words; of: Language; roles: readonly Role[] },
): string {
  const label = t(labels[name]);
  const said = () => {
    const status = shownStatuses.find((each) => each === value);
    if (name === "role") {
      const role = roles.find((role) => role.id === value || `role_${role.name}` === value);
      return role ? roleTitle(role.name, t) : value;
    }
    if (name === "status" && status) return t(`status.${status}`);
    if (value === "true") return t("common.yes");
    if (value === "false") return t("common.no");
    if (!name.endsWith("_after") && !name.endsWith("_before")) return value;
    const at = Date.parse(value);
    return Number.isNaN(at) ? value : new Intl.DateTimeFormat(locale(of), { dateStyle: "medium" }).format(at);
  };
  return t("users.filter.said", { label, value: said() });
}
