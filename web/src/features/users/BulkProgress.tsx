import { useWords } from "../../lib/i18n";
import { usePages } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { More } from "../../ui/More";
import { FormProblem } from "../../ui/States";
import { type BulkFailure, bulkFailures, type BulkJob, isOver } from "./bulk";
import { Count, Failures } from "./BulkPreview";
import { steer, useJob, useJobs } from "./jobs";

interface ProgressProps {
  job: BulkJob;
  /** Undoing is another job, which is followed instead. */
  onNext: (job: BulkJob) => void;
  onClose: () => void;
}

/** How far it is, and what came of it; it goes on without anybody looking. */
export function BulkProgress({ job: begun, onNext, onClose }: ProgressProps) {
  const t = useWords();
  const job = useJob(begun);
  const lost = useJobs(true).problem;
  const steering = useSubmit(`${job.id}:${job.state}`, async () => {
    const next = await steer(job.id, isOver(job) ? "undo" : "cancel");
    if (next.id !== job.id) onNext(next);
  });
  const over = isOver(job);
  return (
    <div className="stack tight">
      <p role="status">
        {t(
          job.state !== "prepared" && over
            ? `bulk.state.${job.state}`
            : job.undoes !== null
            ? "bulk.undoing"
            : "bulk.state.running",
        )}
      </p>
      <progress className="bulk-progress" max={job.total} value={job.settled} aria-label={t("bulk.progress")} />
      <dl className="bulk-counts">
        <Count label={t("bulk.chosen")} value={job.total} />
        <Count label={t("bulk.changed")} value={job.changed} />
        <Count label={t("bulk.already")} value={job.unchanged} />
        <Count label={t("bulk.refused")} value={job.failed} />
      </dl>
      {over && job.failed > 0 && <AllFailures id={job.id} />}
      {!over && <p className="muted small">{t("bulk.goesOn")}</p>}
      <FormProblem problem={lost ?? steering.problem} />
      <div className="form-actions">
        {(!over || job.canUndo) && (
          <Button
            icon={over ? "undo" : "close"}
            busy={steering.busy}
            onClick={() => steering.submit()}
          >
            {t(over ? "common.undo" : "bulk.cancel")}
          </Button>
        )}
        <Button look="primary" onClick={onClose}>{t("common.close")}</Button>
      </div>
    </div>
  );
}

function AllFailures({ id }: { id: string }) {
  const list = usePages<BulkFailure>(`bulk:${id}:failures`, (cursor) => bulkFailures(id, cursor));
  return (
    <div className="bulk-refused">
      <Failures failures={list.pages?.items ?? []} />
      <More list={list} />
    </div>
  );
}
