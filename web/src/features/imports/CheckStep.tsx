import { useState } from "react";
import { formatNumber, useLanguage, useWords } from "../../lib/i18n";
import { usePages } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/Check";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { Segmented } from "../../ui/Segmented";
import { EmptyState, ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { CancelImport } from "./CancelImport";
import { commit, fetchRows, type Field, type Import, importKey, type ImportRow, reportFile } from "./imports";

const shown = ["username", "display_name", "first_name", "last_name", "email", "roles", "tags"] as const;

/** The rows that would be imported, and the faults of the others. */
export function CheckStep({ each }: { each: Import }) {
  const t = useWords();
  const [wrong, setWrong] = useState(each.invalid > 0);
  const [skips, setSkips] = useState(false);
  const [invites, setInvites] = useState(false);
  const body = { skip_invalid: skips, invite: invites };
  const { busy, problem, submit } = useSubmit(body, async (key) => void await commit(each.id, body, key));
  if (each.state === "checking") {
    return (
      <div className="card stack tight">
        <p role="status">{t("imports.checking")}</p>
        <progress
          className="import-progress"
          max={each.total}
          value={each.settled}
          aria-label={t("imports.checking")}
        />
      </div>
    );
  }
  return (
    <form className="stack" onSubmit={submit}>
      <dl className="import-counts">
        <Count label={t("imports.ready")} value={each.ready} />
        <Count label={t("imports.toFix")} value={each.invalid} isBad={each.invalid > 0} />
        <Count label={t("imports.rolesGiven")} value={each.rolesGiven} />
      </dl>
      <div className="import-bar">
        <Segmented
          legend={t("imports.show")}
          value={wrong ? "wrong" : "all"}
          onChange={(value) => setWrong(value === "wrong")}
          segments={[{ value: "wrong", label: t("imports.toFix") }, { value: "all", label: t("imports.all") }]}
        />
        {each.invalid > 0 && (
          <a className="link small" href={reportFile(each.id)} download>
            {t("imports.download")}
          </a>
        )}
      </div>
      <Rows key={`${each.id}:${wrong}`} each={each} wrong={wrong} />
      {each.invalid > 0 && each.ready > 0 && <Check label={t("imports.skip")} checked={skips} onChange={setSkips} />}
      <Check label={t("imports.invite")} hint={t("imports.inviteHint")} checked={invites} onChange={setInvites} />
      <FormProblem problem={problem} />
      <div className="form-actions">
        <CancelImport each={each} />
        <Link className="btn btn-plain" href={`/panel/members/import/${each.id}?step=columns`} replace>
          {t("imports.back")}
        </Link>
        <Button type="submit" look="primary" busy={busy} disabled={each.ready === 0 || (each.invalid > 0 && !skips)}>
          {t("imports.go", { count: each.ready })}
        </Button>
      </div>
    </form>
  );
}

function Count({ label, value, isBad = false }: { label: string; value: number; isBad?: boolean }) {
  const language = useLanguage();
  return (
    <div className={`card ${isBad ? "bad" : ""}`}>
      <dt className="tiny muted">{label}</dt>
      <dd className="import-figure num">{formatNumber(value, language)}</dd>
    </div>
  );
}

function Rows({ each, wrong }: { each: Import; wrong: boolean }) {
  const t = useWords();
  const list = usePages<ImportRow>(
    `${importKey(each.id)}:rows:${wrong}:${each.invalid}`,
    (cursor) => fetchRows(each.id, wrong, cursor),
    { about: [importKey(each.id)] },
  );
  if (list.problem && !list.pages) return <ErrorState problem={list.problem} onRetry={list.reload} />;
  if (!list.pages) return <Skeleton rows={6} />;
  if (list.pages.items.length === 0) {
    return <EmptyState icon="check" title={t("imports.noFaults")} text={t("imports.noFaultsText")} />;
  }
  const columns = shown.filter((field) => field === "username" || each.mapping[field] !== undefined);
  return (
    <>
      <div className="import-table" tabIndex={0} role="region" aria-label={t("imports.step.check")}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t("imports.line")}</th>
              {columns.map((field) => <th key={field} scope="col">{t(`imports.field.${field}`)}</th>)}
            </tr>
          </thead>
          <tbody>
            {list.pages.items.map((row) => (
              <tr key={row.number}>
                <td className="num muted">
                  {row.line}
                  <Faults row={row} of={(field) => field === null || !columns.some((each) => each === field)} />
                </td>
                {columns.map((field) => <Cell key={field} row={row} field={field} />)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <More list={list} />
    </>
  );
}

function Cell({ row, field }: { row: ImportRow; field: Field }) {
  const isWrong = row.faults.some((fault) => fault.field === field);
  const text = row.values[field] ?? (field === "username" ? row.username : null);
  return (
    <td>
      <span className={isWrong ? "import-wrong" : "cut"}>{text ?? (isWrong ? "—" : "")}</span>
      <Faults row={row} of={(each) => each === field} />
    </td>
  );
}

function Faults({ row, of }: { row: ImportRow; of: (field: Field | null) => boolean }) {
  return (
    <>
      {row.faults.filter(({ field }) => of(field)).map((fault) => (
        <span key={`${fault.field}:${fault.code}`} className="import-fault">
          <Icon name="warning" size={14} /> {fault.detail}
        </span>
      ))}
    </>
  );
}
