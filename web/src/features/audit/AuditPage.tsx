import { useEffect, useState } from "react";
import { useWords } from "../../lib/i18n";
import { gateway } from "../../lib/live";
import { invalidate } from "../../lib/query";
import { navigate, usePlace, useQueryState } from "../../lib/router";
import { Button, IconButton } from "../../ui/Button";
import { DateField } from "../../ui/DateField";
import { FilterSelect } from "../../ui/Field";
import { Page } from "../../ui/Page";
import { Segmented } from "../../ui/Segmented";
import { FilterSheet } from "../../ui/FilterSheet";
import { useNarrow } from "../../ui/useMedia";
import { SearchBox } from "../../ui/SearchBox";
import { AuditEntries, auditKey } from "./AuditEntries";
import { AuditSheet } from "./AuditSheet";
import { ExportAudit } from "./ExportAudit";
import { actions } from "./entries";
import { asPreset, type Preset, presetFilters, presets } from "./presets";

const names = ["text", "action", "result", "from", "to", "actor", "target", "person"] as const;

/** Everything that was done, by whom and to whom; nothing here can be altered. */
export function AuditPage({ id }: { id: string | null }) {
  const t = useWords();
  const { search } = usePlace();
  const [query, setQuery] = useQueryState();
  const filters = filtersOf(query);
  const fresh = useFresh();
  const close = () => navigate(`/panel/audit${search}`);
  const [exporting, setExporting] = useState(false);
  return (
    <Page
      title={t("nav.audit")}
      actions={
        <IconButton
          icon="export"
          label={t("export.do")}
          aria-haspopup="dialog"
          onClick={() => setExporting(true)}
        />
      }
      aside={id !== null && <AuditSheet key={id} id={id} onClose={close} />}
    >
      <Filters query={query} setQuery={setQuery} />
      {/* Told once, not for each entry: on a busy site the count never rests. */}
      <p className="hidden" role="status">{fresh.count > 0 && t("audit.fresh", { count: 1 })}</p>
      <div>
        {fresh.count > 0 && (
          <Button
            className="fresh"
            icon="down"
            onClick={() => {
              fresh.reset();
              invalidate(auditKey(filters));
            }}
          >
            {t("audit.fresh", { count: fresh.count })}
          </Button>
        )}
      </div>
      {exporting && <ExportAudit filters={filters} onClose={() => setExporting(false)} />}
      <AuditEntries filters={filters} selected={id} hrefOf={(entry) => `/panel/audit/${entry.id}${search}`} />
    </Page>
  );
}

/** What the address may say, with days as instants of this place; the server refuses what it does not know. */
function filtersOf(query: Record<string, string>): Record<string, string> {
  const known = names.flatMap((name): [string, string][] => {
    const value = query[name];
    if (!value) return [];
    return [[name, name === "from" ? startOf(value) : name === "to" ? endOf(value) : value]];
  });
  return { ...(query["action"] ? {} : presetFilters(asPreset(query["preset"]))), ...Object.fromEntries(known) };
}

const startOf = (day: string): string => instant(`${day}T00:00:00`);
const endOf = (day: string): string => instant(`${day}T23:59:59.999`);
function instant(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}

/** What is new waits behind a button: a list must not move under the eyes of its reader. */
function useFresh() {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const leave = gateway.subscribe("audit", () => undefined);
    const unlisten = gateway.on("*", (event) => {
      if (event.type !== "subscribed") setCount((before) => before + 1);
    }, "audit");
    return () => {
      leave();
      unlisten();
    };
  }, []);
  return { count, reset: () => setCount(0) };
}

interface FiltersProps {
  query: Record<string, string>;
  setQuery: (change: Record<string, string | null>) => void;
}

function Filters({ query, setQuery }: FiltersProps) {
  const t = useWords();
  const [text, setText] = useState(query["text"] ?? "");
  useEffect(() => {
    if (text.trim() === (query["text"] ?? "")) return;
    const timer = setTimeout(() => setQuery({ text: text.trim() || null }), 250);
    return () => clearTimeout(timer);
  }, [text]);
  const narrow = useNarrow();
  const set = names.filter((name) => query[name]);
  const preset = asPreset(query["preset"]);
  const choosePreset = (next: Preset) => setQuery({ preset: next === "main" ? null : next, action: null });
  return (
    <div className="filters" role="search" aria-label={t("audit.filters")}>
      {!narrow && (
        <Segmented
          legend={t("audit.preset")}
          value={preset}
          onChange={choosePreset}
          segments={presets.map((value) => ({ value, label: t(`audit.preset.${value}`) }))}
        />
      )}
      <SearchBox label={t("audit.search")} value={text} onChange={setText} />
      {narrow
        ? (
          <>
            <FilterSelect
              label={t("audit.preset")}
              value={preset}
              onChange={(event) => choosePreset(asPreset(event.target.value))}
            >
              {presets.map((value) => <option key={value} value={value}>{t(`audit.preset.${value}`)}</option>)}
            </FilterSelect>
            <FilterSheet label={t("users.filter.more")} set={set.filter((name) => name !== "text").length}>
              <div className="stack">
                <Conditions query={query} setQuery={setQuery} />
              </div>
            </FilterSheet>
          </>
        )
        : <Conditions query={query} setQuery={setQuery} />}
      {set.length > 0 && (
        <Button
          look="quiet"
          icon="close"
          onClick={() => {
            setText("");
            setQuery(Object.fromEntries(names.map((name) => [name, null])));
          }}
        >
          {t("common.clear")}
        </Button>
      )}
    </div>
  );
}

function Conditions({ query, setQuery }: FiltersProps) {
  const t = useWords();
  return (
    <>
      <FilterSelect
        label={t("audit.action")}
        value={query["action"] ?? ""}
        onChange={(event) => setQuery({ action: event.target.value })}
      >
        <option value="">{t("audit.anyAction")}</option>
        {actions.map((action) => <option key={action} value={action}>{t(`action.${action}`)}</option>)}
      </FilterSelect>
      <FilterSelect
        label={t("audit.result")}
        value={query["result"] ?? ""}
        onChange={(event) => setQuery({ result: event.target.value })}
      >
        <option value="">{t("audit.anyResult")}</option>
        <option value="success">{t("audit.success")}</option>
        <option value="fail">{t("audit.failed")}</option>
      </FilterSelect>
      {(["from", "to"] as const).map((name) => (
        <DateField
          key={name}
          inline
          label={t(`audit.${name}`)}
          value={query[name] ?? ""}
          onChange={(event) => setQuery({ [name]: event.target.value })}
        />
      ))}
    </>
  );
}
