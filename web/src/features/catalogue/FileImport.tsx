import { useEffect, useRef, useState } from "react";
import { formatNumber, useLanguage, useWords } from "../../lib/i18n";
import { asProblem, type Problem } from "../../lib/problem";
import { amend, useQuery } from "../../lib/query";
import { navigate } from "../../lib/router";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { SelectField } from "../../ui/Field";
import { ErrorState, FormProblem, Skeleton } from "../../ui/States";
import {
  commit,
  fetchImport,
  fetchInvalid,
  fields,
  type Import,
  importKey,
  map,
  type Row,
  sendFile,
  stop,
} from "./files";

const beat = 1000;

/** An import of titles from a file: the upload, then the column mapping with a preview, then the progress. */
export function FileImport({ id }: { id: string | null }) {
  return id ? <Opened key={id} id={id} /> : <PickFile />;
}

function PickFile() {
  const t = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [share, setShare] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isOver, setOver] = useState(false);
  const take = async (file: File | undefined) => {
    if (!file || share !== null) return;
    setProblem(null);
    setShare(0);
    try {
      navigate(`/panel/catalogue/file/${(await sendFile(file, setShare)).id}`);
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setShare(null);
    }
  };
  return (
    <div className="catalogue-source">
      <section aria-labelledby="import-file">
        <h2 id="import-file">{t("catalogue.file")}</h2>
        <p className="muted">{t("catalogue.file.why")}</p>
        <div
          className={`drop ${isOver ? "over" : ""}`}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            void take(event.dataTransfer.files[0]);
          }}
        >
          <input
            ref={input}
            type="file"
            accept=".csv,.tsv,.txt,.json,text/csv,application/json"
            hidden
            aria-label={t("catalogue.file.choose")}
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = "";
              void take(file);
            }}
          />
          <Button look="primary" icon="plus" busy={share !== null} onClick={() => input.current?.click()}>
            {t("catalogue.file.choose")}
          </Button>
          <p className="muted tiny">{t("catalogue.file.hint")}</p>
          {share !== null && <progress max={1} value={share} aria-label={t("catalogue.file.sending")} />}
        </div>
        <FormProblem problem={problem} />
      </section>
    </div>
  );
}

function Opened({ id }: { id: string }) {
  const loaded = useQuery(importKey(id), () => fetchImport(id));
  const found = loaded.data;
  const isRunning = found?.state === "running";
  useEffect(() => {
    if (!isRunning) return;
    const timer = window.setInterval(loaded.reload, beat);
    return () => window.clearInterval(timer);
  }, [isRunning]);
  if (loaded.problem && !found) return <ErrorState problem={loaded.problem} onRetry={loaded.reload} />;
  if (!found) return <Skeleton rows={5} />;
  return (
    <div className="catalogue-source">
      {found.state === "preview" ? <Preview of={found} /> : <Progress of={found} />}
    </div>
  );
}

const keep = (next: Import): void => void amend<Import>(importKey(next.id), () => next);

function Preview({ of: found }: { of: Import }) {
  const t = useWords();
  const language = useLanguage();
  const valid = found.total - found.invalid;
  const writing = useSubmit(found.id, async () => keep(await commit(found.id, found.invalid > 0)));
  const leaving = useSubmit(`${found.id}:stop`, async () => {
    await stop(found.id);
    navigate("/panel/catalogue/file");
  });
  return (
    <>
      <section aria-labelledby="import-map">
        <h2 id="import-map">{t("catalogue.map")}</h2>
        <p className="muted">{t("catalogue.map.why")}</p>
        <Mapping of={found} />
      </section>
      <section aria-labelledby="import-rows">
        <h2 id="import-rows">{t("catalogue.rows", { count: found.total })}</h2>
        <Rows rows={found.rows} label={t("catalogue.rows.first")} />
        {found.invalid > 0 && <Invalid of={found} />}
        <FormProblem problem={writing.problem ?? leaving.problem} />
        <div className="form-actions start">
          <Button look="primary" busy={writing.busy} disabled={valid === 0} onClick={() => writing.submit()}>
            {t("catalogue.write", { count: valid, shown: formatNumber(valid, language) })}
          </Button>
          <Button busy={leaving.busy} onClick={() => leaving.submit()}>{t("catalogue.discard")}</Button>
        </div>
      </section>
    </>
  );
}

const usual = ["kind", "title", "year"];

function Mapping({ of: found }: { of: Import }) {
  const t = useWords();
  // Chosen once: a field keeps its place when it is mapped.
  const [first] = useState(() => fields.filter((field) => field in found.mapping || usual.includes(field)));
  const others = fields.filter((field) => !first.includes(field));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const choose = async (field: string, column: string) => {
    setBusy(true);
    setProblem(null);
    try {
      keep(await map(found.id, field, column || null));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  const selects = (some: readonly (typeof fields[number])[]) => (
    <div className="catalogue-map" aria-busy={busy}>
      {some.map((field) => (
        <SelectField
          key={field}
          label={t(`catalogue.field.${field}`)}
          value={found.mapping[field] ?? ""}
          disabled={busy}
          onChange={({ target }) => void choose(field, target.value)}
        >
          <option value="">{t("catalogue.map.none")}</option>
          {found.columns.map((column) => <option key={column} value={column}>{column}</option>)}
        </SelectField>
      ))}
    </div>
  );
  return (
    <>
      {selects(first)}
      {others.length > 0 && (
        <details className="catalogue-map-others">
          <summary>{t("catalogue.map.others", { count: others.length })}</summary>
          {selects(others)}
        </details>
      )}
      <FormProblem problem={problem} />
    </>
  );
}

function Rows({ rows, label }: { rows: readonly Row[]; label: string }) {
  const t = useWords();
  return (
    <ul role="list" className="catalogue-rows" aria-label={label}>
      {rows.map((row) => (
        <li key={row.number}>
          <span className="muted small">{row.number}</span>
          <span className="catalogue-row-title">
            {row.title || t("catalogue.row.untitled")}
            {row.year !== null && <span className="muted">{` (${row.year})`}</span>}
            {row.faults.map((fault) => <span key={fault} className="catalogue-row-fault small">{fault}</span>)}
            {row.unknownGenres.length > 0 && (
              <span className="muted small">
                {t("catalogue.row.genres", { genres: row.unknownGenres.join(", ") })}
              </span>
            )}
          </span>
          <span className="small muted">
            {row.faults.length > 0
              ? t("catalogue.row.invalid")
              : row.isKnown
              ? t("catalogue.row.known")
              : t("catalogue.row.new")}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Invalid({ of: found }: { of: Import }) {
  const t = useWords();
  const key = `${importKey(found.id)}:invalid:${JSON.stringify(found.mapping)}`;
  const { data } = useQuery(key, () => fetchInvalid(found.id));
  return (
    <>
      <h3>{t("catalogue.invalid", { count: found.invalid })}</h3>
      <p className="muted">{t("catalogue.invalid.skipped")}</p>
      {data ? <Rows rows={data} label={t("catalogue.invalid", { count: found.invalid })} /> : <Skeleton rows={3} />}
    </>
  );
}

function Progress({ of: found }: { of: Import }) {
  const t = useWords();
  const language = useLanguage();
  const stopping = useSubmit(found.id, async () => keep(await stop(found.id)));
  const valid = found.total - found.invalid;
  const counts = (["added", "updated", "unchanged"] as const)
    .filter((each) => found[each] > 0)
    .map((each) => t(`catalogue.run.${each}`, { count: found[each] }));
  return (
    <section aria-labelledby="import-progress">
      <h2 id="import-progress">{t(`catalogue.state.${found.state}`)}</h2>
      <progress max={Math.max(valid, 1)} value={found.settled} aria-labelledby="import-progress" />
      <p className="small muted catalogue-run-counts">
        <span>
          {t("catalogue.run.of", { done: formatNumber(found.settled, language), total: formatNumber(valid, language) })}
        </span>
        {counts.map((each) => <span key={each}>{each}</span>)}
      </p>
      <FormProblem problem={stopping.problem} />
      <div className="form-actions start">
        {found.state === "running"
          ? (
            <Button icon="close" busy={stopping.busy} onClick={() => stopping.submit()}>
              {t("catalogue.run.cancel")}
            </Button>
          )
          : <Button onClick={() => navigate("/panel/catalogue/file")}>{t("catalogue.another")}</Button>}
      </div>
    </section>
  );
}
