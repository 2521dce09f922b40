import type { ReactNode } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import { useQueryState } from "../../lib/router";
import { useTyped } from "../../lib/typed";
import { DateField } from "../../ui/DateField";
import { SelectField, TextField } from "../../ui/Field";
import { useCan } from "../accounts/session";
import { moduleName, usePermissions } from "../roles/registry";
import { dayOf, momentOfDay } from "./filters";
import { TagField } from "./TagField";

/** The filters that are needed less often; each takes effect at once. */
export function MoreFilters({ children }: { children?: ReactNode }) {
  const t = useWords();
  const seesDeleted = useCan("users.delete");
  return (
    <div className="form-grid" role="group" aria-label={t("users.filter.more")}>
      {children}
      <PermissionFilter />
      <TextFilter name="activity" label={t("users.filter.activity")} hint={t("users.filter.activityHint")} />
      <TagFilter />
      <DayFilter name="created_after" label={t("users.filter.created_after")} />
      <DayFilter name="created_before" label={t("users.filter.created_before")} />
      <DayFilter name="active_after" label={t("users.filter.active_after")} />
      <YesOrNo name="banned" label={t("users.badge.banned")} />
      <YesOrNo name="disabled" label={t("users.badge.disabled")} />
      {seesDeleted && <YesOrNo name="deleted" label={t("users.badge.deleted")} only />}
    </div>
  );
}

function PermissionFilter() {
  const t = useWords();
  const of = useLanguage();
  const registry = usePermissions();
  const [query, setQuery] = useQueryState();
  const modules = [...new Set(registry.map((each) => each.module))];
  return (
    <SelectField
      label={t("users.filter.permission")}
      value={query["permission"] ?? ""}
      onChange={(event) => setQuery({ permission: event.target.value })}
    >
      <option value="">{t("users.filter.anyPermission")}</option>
      {modules.map((module) => (
        <optgroup key={module} label={t(moduleName(module))}>
          {registry.filter((each) => each.module === module).map((each) => (
            <option key={each.key} value={each.key}>{each.description[of]}</option>
          ))}
        </optgroup>
      ))}
    </SelectField>
  );
}

function TextFilter({ name, ...rest }: { name: "activity"; label: string; hint?: string }) {
  const [text, setText] = useTyped(name);
  return <TextField {...rest} maxLength={200} value={text} onChange={(event) => setText(event.target.value)} />;
}

function TagFilter() {
  const t = useWords();
  const [text, setText] = useTyped("tag");
  return <TagField label={t("users.filter.tag")} value={text} onChange={(event) => setText(event.target.value)} />;
}

function DayFilter({ name, label }: { name: string; label: string }) {
  const [query, setQuery] = useQueryState();
  return (
    <DateField
      label={label}
      value={dayOf(query[name])}
      onChange={(event) => setQuery({ [name]: momentOfDay(event.target.value) })}
    />
  );
}

function YesOrNo({ name, label, only = false }: { name: string; label: string; only?: boolean }) {
  const t = useWords();
  const [query, setQuery] = useQueryState();
  return (
    <SelectField
      label={label}
      value={query[name] ?? ""}
      onChange={(event) => setQuery({ [name]: event.target.value })}
    >
      <option value="">{only ? t("common.no") : t("users.filter.either")}</option>
      <option value="true">{t("common.yes")}</option>
      {!only && <option value="false">{t("common.no")}</option>}
    </SelectField>
  );
}
