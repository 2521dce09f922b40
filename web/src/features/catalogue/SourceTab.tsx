import { type ReactNode, useEffect, useState } from "react";
import { useForm } from "../../lib/form";
import { formatNumber, useLanguage, useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { SelectField, TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { say } from "../../ui/Toasts";
import {
  cancel,
  fetchRuns,
  fetchSource,
  isOpen,
  kinds,
  type List,
  lists,
  removeKey,
  type Run,
  runsKey,
  setKey,
  type Source,
  sourceKey,
  start,
} from "./source";

const beat = 1500;

/** TMDB: the key, the start of an import, and the progress of imports. */
export function SourceTab() {
  const source = useQuery(sourceKey, fetchSource);
  const runs = useQuery(runsKey, fetchRuns);
  const isRunning = runs.data?.some((run) => run.state === "running") ?? false;
  const reload = () => {
    source.reload();
    runs.reload();
  };
  useEffect(() => {
    if (!isRunning) return;
    const timer = window.setInterval(reload, beat);
    return () => window.clearInterval(timer);
  }, [isRunning]);
  const problem = source.problem ?? runs.problem;
  if (problem && !(source.data && runs.data)) return <ErrorState problem={problem} onRetry={reload} />;
  if (!source.data || !runs.data) return <Skeleton rows={5} />;
  return (
    <div className="catalogue-source">
      <KeySection source={source.data} />
      {source.data.isSet && <StartSection />}
      <RunsSection runs={runs.data} />
      <p className="muted small">{source.data.attribution}</p>
    </div>
  );
}

function KeySection({ source }: { source: Source }) {
  const t = useWords();
  const of = useLanguage();
  const [changing, setChanging] = useState(false);
  const [removing, setRemoving] = useState(false);
  return (
    <section aria-labelledby="source-key">
      <h2 id="source-key">{t("catalogue.key")}</h2>
      {source.isSet && !changing
        ? (
          <>
            <dl className="catalogue-facts">
              <Fact name={t("catalogue.key.stored")}>••••{source.keyEnd}</Fact>
              <Fact name={t("catalogue.key.answers")}>
                {source.succeededAt ? <Time at={source.succeededAt} /> : t("catalogue.key.never")}
              </Fact>
              <Fact name={t("catalogue.key.titles")}>{formatNumber(source.titles, of)}</Fact>
              <Fact name={t("catalogue.key.images")}>{formatNumber(source.images, of)}</Fact>
            </dl>
            {source.fault && (
              <p className="notice" role="status">
                <Icon name="warning" />
                {source.fault.detail}
              </p>
            )}
            <div className="form-actions start">
              <Button onClick={() => setChanging(true)}>{t("catalogue.key.change")}</Button>
              <Button look="quiet" onClick={() => setRemoving(true)}>{t("catalogue.key.remove")}</Button>
            </div>
          </>
        )
        : <KeyForm isFirst={!source.isSet} onDone={() => setChanging(false)} />}
      {removing && (
        <Confirm
          title={t("catalogue.key.removeTitle")}
          text={t("catalogue.key.removeText")}
          verb={t("catalogue.key.remove")}
          run={removeKey}
          onClose={() => setRemoving(false)}
        />
      )}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function KeyForm({ isFirst, onDone }: { isFirst: boolean; onDone: () => void }) {
  const t = useWords();
  const form = useForm({
    saved: { key: "" },
    rules: { key: (key) => (key.trim().length < 16 ? t("catalogue.key.short") : null) },
    send: async ({ key }, requestKey) => {
      await setKey(key.trim(), requestKey);
      say("catalogue.key.saved");
      onDone();
    },
  });
  const key = form.field("key");
  return (
    <form ref={form.ref} className="form narrow" onSubmit={form.submit} aria-labelledby="source-key">
      {isFirst && <p className="muted">{t("catalogue.key.why")}</p>}
      <TextField
        label={t("catalogue.key.label")}
        hint={t("catalogue.key.hint")}
        type="password"
        autoComplete="off"
        spellCheck={false}
        maxLength={400}
        value={key.value}
        fault={key.fault}
        onChange={key.onChange}
      />
      <p className="muted small">{t("catalogue.key.terms")}</p>
      <FormProblem problem={form.problem} />
      <div className="form-actions start">
        <Button type="submit" look="primary" busy={form.busy}>{t("common.save")}</Button>
        {!isFirst && <Button onClick={onDone}>{t("common.cancel")}</Button>}
      </div>
    </form>
  );
}

function StartSection() {
  const t = useWords();
  const [list, setList] = useState<typeof lists[number]>("popular");
  const [kind, setKind] = useState<typeof kinds[number]>("film");
  const [count, setCount] = useState("500");
  const wanted = Number(count);
  const isFit = Number.isInteger(wanted) && wanted >= 1 && wanted <= 10_000;
  const sending = useSubmit({ list, kind, count }, (key) => start(list, kind, wanted, key));
  return (
    <section aria-labelledby="source-start">
      <h2 id="source-start">{t("catalogue.start")}</h2>
      <form className="form" onSubmit={isFit ? sending.submit : (event) => event.preventDefault()}>
        <div className="catalogue-start">
          <SelectField
            label={t("catalogue.list")}
            value={list}
            onChange={({ target }) => setList(lists.find((each) => each === target.value) ?? "popular")}
          >
            {lists.map((each) => <option key={each} value={each}>{t(`catalogue.list.${each}`)}</option>)}
          </SelectField>
          <SelectField
            label={t("catalogue.kind")}
            value={kind}
            onChange={({ target }) => setKind(target.value === "series" ? "series" : "film")}
          >
            {kinds.map((each) => <option key={each} value={each}>{t(`catalogue.kind.${each}`)}</option>)}
          </SelectField>
          <TextField
            label={t("catalogue.count")}
            inputMode="numeric"
            maxLength={5}
            value={count}
            fault={isFit ? undefined : t("catalogue.count.range")}
            onChange={({ target }) => setCount(target.value)}
          />
        </div>
        <FormProblem problem={sending.problem} />
        <div className="form-actions start">
          <Button type="submit" look="primary" busy={sending.busy} disabled={!isFit}>{t("catalogue.start.do")}</Button>
        </div>
      </form>
    </section>
  );
}

function RunsSection({ runs }: { runs: readonly Run[] }) {
  const t = useWords();
  if (runs.length === 0) return null;
  return (
    <section aria-labelledby="source-runs">
      <h2 id="source-runs">{t("catalogue.runs")}</h2>
      <ul role="list" className="catalogue-runs">
        {runs.map((run) => <RunRow key={run.id} run={run} />)}
      </ul>
    </section>
  );
}

const nameOf = (list: List): `catalogue.list.${List}` => `catalogue.list.${list}`;

function RunRow({ run }: { run: Run }) {
  const t = useWords();
  const of = useLanguage();
  const stopping = useSubmit(run.id, () => cancel(run.id));
  const open = isOpen(run);
  const total = run.isListed || !open ? run.listed : Math.max(run.wanted, run.listed);
  const name = t("catalogue.run", { list: t(nameOf(run.list)), kind: t(`catalogue.kind.${run.kind}`) });
  const counts = (["added", "updated", "unchanged", "gone", "failed"] as const)
    .filter((each) => run[each] > 0)
    .map((each) => t(`catalogue.run.${each}`, { count: run[each] }));
  return (
    <li className="catalogue-run">
      <div className="catalogue-run-head">
        <strong>{name}</strong>
        <span className="muted small">
          {t(`catalogue.state.${run.state}`)}
          {run.createdAt && (
            <>
              {" · "}
              <Time at={run.endedAt ?? run.createdAt} />
            </>
          )}
        </span>
        {open && (
          <Button look="quiet" icon="close" busy={stopping.busy} onClick={() => stopping.submit()}>
            {t("catalogue.run.cancel")}
          </Button>
        )}
      </div>
      {open && <progress max={Math.max(total, 1)} value={run.settled} aria-label={name} />}
      <p className="small muted catalogue-run-counts">
        {open && (
          <span>{t("catalogue.run.of", { done: formatNumber(run.settled, of), total: formatNumber(total, of) })}</span>
        )}
        {counts.map((each) => <span key={each}>{each}</span>)}
        {!open && counts.length === 0 && <span>{t("catalogue.run.nothing")}</span>}
      </p>
      {run.fault && (
        <p className="notice" role="status">
          <Icon name="warning" />
          {run.fault.detail}
        </p>
      )}
      <FormProblem problem={stopping.problem} />
    </li>
  );
}
