import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { bulkActions, type BulkFailure, type BulkJob, previewBulk } from "./bulk";
import { steer } from "./jobs";

interface PreviewProps {
  job: BulkJob;
  onBegun: (job: BulkJob) => void;
  onClose: () => void;
}

/** What would come of it: tried out on the first people and taken back, by the server. */
export function BulkPreview({ job, onBegun, onClose }: PreviewProps) {
  const t = useWords();
  const { data, problem, reload } = useQuery(`bulk:${job.id}:preview`, () => previewBulk(job.id));
  const { busy, problem: refusal, submit } = useSubmit(job.id, async () => onBegun(await steer(job.id, "run")));
  const look = bulkActions[job.action].danger ? "danger" : "primary";
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={3} shape="line" />;
  return (
    <div className="stack tight">
      <dl className="bulk-counts" aria-label={t("bulk.preview")}>
        <Count label={t("bulk.chosen")} value={job.total} />
        <Count label={t("bulk.would")} value={data.changed} />
        <Count label={t("bulk.already")} value={data.unchanged} />
        <Count label={t("bulk.refused")} value={data.refused.length} />
      </dl>
      {data.checked < job.total && <p className="muted small">{t("bulk.checked", { count: data.checked })}</p>}
      <Failures failures={data.refused} />
      {job.action !== "unban" && <p className="muted small">{t("bulk.canUndo")}</p>}
      <FormProblem problem={refusal} />
      <div className="form-actions">
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button look={look} busy={busy} onClick={() => submit()}>{t("bulk.run", { count: job.total })}</Button>
      </div>
    </div>
  );
}

export function Count({ label, value }: { label: string; value: number }) {
  const t = useWords();
  return (
    <div>
      <dt>{label}</dt>
      <dd className="num">{t("figure", { value })}</dd>
    </div>
  );
}

/** People with whom it cannot be done, and why. */
export function Failures({ failures }: { failures: readonly BulkFailure[] }) {
  const t = useWords();
  if (failures.length === 0) return null;
  return (
    <ul role="list" className="bulk-failures" aria-label={t("bulk.refused")}>
      {failures.map((each) => (
        <li key={each.id}>
          <span className="name cut">{each.name}</span>
          <span className="muted small">{each.detail}</span>
        </li>
      ))}
    </ul>
  );
}
