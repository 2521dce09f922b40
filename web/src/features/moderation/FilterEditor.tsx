import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { navigate } from "../../lib/router";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/Check";
import { Confirm } from "../../ui/Confirm";
import { SelectField, TextArea, TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { Segmented } from "../../ui/Segmented";
import { EmptyState, ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { useCan } from "../accounts/session";
import {
  blankFilter,
  categories,
  deleteFilter,
  fetchChoices,
  fetchFilters,
  type FilterAction,
  filterActions,
  type FilterDraft,
  filterKinds,
  filtersKey,
  hasList,
  hasMode,
  hasTime,
  saveFilter,
  type TextFilter,
} from "./filters";
import { FilterTrial } from "./FilterTrial";

const list = "/panel/moderation/filters";
const durations = ["600", "3600", "86400", "604800"] as const;

/** One filter, or a new one: what it looks for, what it does, and a trial before it does it. */
export function FilterPage({ name }: { name: string }) {
  const t = useWords();
  const isNew = name === "new";
  const { data, problem, reload } = useQuery(filtersKey, fetchFilters);
  const found = isNew ? null : data?.find((each) => each.name === name);
  return (
    <Page
      title={isNew ? t("team.filters.new") : name}
      before={
        <Link href={list} className="icon-btn" aria-label={t("team.filters.back")}>
          <Icon name="left" size={20} />
        </Link>
      }
    >
      {problem && !data
        ? <ErrorState problem={problem} onRetry={reload} />
        : !data
        ? <Skeleton rows={4} shape="card" />
        : !isNew && !found
        ? <EmptyState icon="shield" title={t("team.filters.gone.title")} text={t("team.filters.gone.text")} />
        : <Editor key={found?.version ?? 0} of={found ?? null} />}
    </Page>
  );
}

function Editor({ of }: { of: TextFilter | null }) {
  const t = useWords();
  const may = useCan("moderation.filters");
  const [draft, setDraft] = useState<FilterDraft>(of ?? blankFilter);
  const [words, setWords] = useState((of?.list ?? []).join("\n"));
  const set = (change: Partial<FilterDraft>) => setDraft({ ...draft, ...change });
  const whole = { ...draft, list: words.split("\n").map((each) => each.trim()).filter(Boolean) };
  const { busy, problem, submit } = useSubmit(whole, async (key) => {
    await saveFilter(whole, of?.version ?? 0, key);
    say("team.filters.saved");
    navigate(list);
  });
  const fault = (field: string) => problem?.fault(field);
  return (
    <div className="case">
      <form className="form case-column" onSubmit={submit}>
        {!of && (
          <TextField
            label={t("team.filters.name")}
            hint={t("team.filters.nameHint")}
            required
            maxLength={60}
            value={draft.name}
            fault={fault("name")}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
        <Search draft={draft} set={set} words={words} setWords={setWords} fault={fault} />
        <Actions draft={draft} set={set} fault={fault} />
        <Exempt draft={draft} set={set} />
        <Check label={t("team.filters.on")} checked={draft.enabled} onChange={(enabled) => set({ enabled })} />
        <FormProblem problem={problem} />
        {may && (
          <div className="form-actions">
            {of && <Remove of={of} />}
            <Button type="submit" look="primary" busy={busy} disabled={draft.actions.length === 0}>
              {t("common.save")}
            </Button>
          </div>
        )}
      </form>
      {may && <FilterTrial draft={whole} />}
    </div>
  );
}

interface PartProps {
  draft: FilterDraft;
  set: (change: Partial<FilterDraft>) => void;
  fault: (field: string) => string | undefined;
}

/** What it looks for. */
function Search(
  { draft, set, fault, words, setWords }: PartProps & { words: string; setWords: (text: string) => void },
) {
  const t = useWords();
  const { kind } = draft;
  const number = (text: string) => Math.max(1, Math.min(86_400, Number(text) || 1));
  return (
    <>
      <SelectField
        label={t("team.filters.kind")}
        value={kind}
        fault={fault("kind")}
        onChange={(event) => set({ kind: filterKinds.find((each) => each === event.target.value) ?? "words" })}
      >
        {filterKinds.map((each) => <option key={each} value={each}>{t(`team.filters.kind.${each}`)}</option>)}
      </SelectField>
      {hasMode(kind) && (
        <Segmented
          legend={t("team.filters.mode")}
          value={draft.mode}
          onChange={(mode) => set({ mode })}
          segments={(["deny", "allow"] as const).map((value) => ({ value, label: t(`team.filters.mode.${value}`) }))}
        />
      )}
      {hasList(kind) && (
        <TextArea
          label={t(`team.filters.list.${kind as "words"}`)}
          hint={t(`team.filters.listHint.${kind as "words"}`)}
          rows={8}
          spellCheck={false}
          value={words}
          fault={fault("list")}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      {!hasList(kind) && (
        <TextField
          label={t(`team.filters.count.${kind as "rate"}`)}
          type="number"
          min={1}
          max={200}
          value={draft.count}
          fault={fault("count")}
          onChange={(event) => set({ count: number(event.target.value) })}
        />
      )}
      {hasTime(kind) && (
        <TextField
          label={t("team.filters.within")}
          type="number"
          min={1}
          max={86400}
          value={draft.within}
          fault={fault("within_s")}
          onChange={(event) => set({ within: number(event.target.value) })}
        />
      )}
    </>
  );
}

/** What it does. */
function Actions({ draft, set, fault }: PartProps) {
  const t = useWords();
  const toggle = (action: FilterAction, isOn: boolean) =>
    set({ actions: filterActions.filter((each) => (each === action ? isOn : draft.actions.includes(each))) });
  const has = (action: FilterAction) => draft.actions.includes(action);
  return (
    <fieldset className="filter-choices">
      <legend>{t("team.filters.actions")}</legend>
      {filterActions.map((action) => (
        <Check
          key={action}
          label={t(`team.filters.do.${action}`)}
          hint={t(`team.filters.doHint.${action}`)}
          checked={has(action)}
          onChange={(isOn) => toggle(action, isOn)}
        />
      ))}
      {draft.actions.length === 0 && <p className="fault">{t("team.filters.noAction")}</p>}
      {has("mute") && (
        <SelectField
          label={t("team.filters.muteFor")}
          value={String(draft.seconds)}
          fault={fault("duration_s")}
          onChange={(event) => set({ seconds: Number(event.target.value) })}
        >
          {[...new Set([...durations, String(draft.seconds)])].map((each) => (
            <option key={each} value={each}>
              {durations.some((one) => one === each)
                ? t(`team.filters.for.${each as "600"}`)
                : `${Math.round(Number(each) / 3600)} h`}
            </option>
          ))}
        </SelectField>
      )}
      {(has("report") || has("hide")) && (
        <SelectField
          label={t("team.filters.category")}
          value={draft.category}
          fault={fault("category")}
          onChange={(event) => set({ category: event.target.value })}
        >
          {categories.map((each) => <option key={each} value={each}>{t(`report.category.${each as "other"}`)}</option>)}
        </SelectField>
      )}
    </fieldset>
  );
}

/** The exempt roles and channels. */
function Exempt({ draft, set }: Omit<PartProps, "fault">) {
  const t = useWords();
  const { data } = useQuery("filter-choices", fetchChoices);
  const changed = (all: string[], id: string, isOn: boolean) =>
    isOn ? [...all.filter((each) => each !== id), id] : all.filter((each) => each !== id);
  const count = draft.exemptRoles.length + draft.exemptChannels.length;
  return (
    <details className="filter-exempt">
      <summary>{t("team.filters.exempt", { count })}</summary>
      <fieldset className="filter-choices">
        <legend>{t("team.filters.exemptRoles")}</legend>
        {(data?.roles ?? []).map((role) => (
          <Check
            key={role.id}
            label={role.name}
            checked={draft.exemptRoles.includes(role.id)}
            onChange={(isOn) => set({ exemptRoles: changed(draft.exemptRoles, role.id, isOn) })}
          />
        ))}
      </fieldset>
      <fieldset className="filter-choices">
        <legend>{t("team.filters.exemptChannels")}</legend>
        {(data?.channels ?? []).map((channel) => (
          <Check
            key={channel.id}
            label={`# ${channel.name}`}
            checked={draft.exemptChannels.includes(channel.id)}
            onChange={(isOn) => set({ exemptChannels: changed(draft.exemptChannels, channel.id, isOn) })}
          />
        ))}
      </fieldset>
    </details>
  );
}

function Remove({ of }: { of: TextFilter }) {
  const t = useWords();
  const [asks, setAsks] = useState(false);
  return (
    <>
      <Button look="danger" onClick={() => setAsks(true)}>{t("common.delete")}</Button>
      {asks && (
        <Confirm
          title={t("team.filters.delete.title", { name: of.name })}
          text={t("team.filters.delete.text")}
          verb={t("common.delete")}
          onClose={() => setAsks(false)}
          run={async () => {
            await deleteFilter(of);
            navigate(list);
          }}
        />
      )}
    </>
  );
}
