import { useLayoutEffect, useRef } from "react";
import { useWords } from "../../lib/i18n";
import { Button, IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Time } from "../../ui/Time";
import { useRoles } from "../roles/roles";
import { bulkActions, type BulkJob, isOver, sayJob, sayResult } from "./bulk";
import { type Jobs, putAway, useNews } from "./jobs";

interface LinesProps {
  jobs: Jobs;
  onOpen: (job: BulkJob) => void;
}

/** What one does to many, above the list of them: while it runs, and what came of it until that is put away. */
export function JobLines({ jobs, onOpen }: LinesProps) {
  const t = useWords();
  const roles = useRoles();
  const news = useNews(jobs);
  const ran = useRef(new Set<string>());
  for (const job of news) if (!isOver(job)) ran.current.add(job.id);
  const ended = news.find((job) => isOver(job) && ran.current.has(job.id));
  return (
    <div ref={useSteadyScroll(news.length)}>
      <p role="status" className="hidden">{ended && `${sayJob(ended, t, roles)}. ${sayResult(ended, t)}`}</p>
      {news.length > 0 && (
        <ul role="list" className="jobs" aria-label={t("bulk.jobs")}>
          {news.map((job) => <Line key={job.undoes ?? job.id} job={job} onOpen={() => onOpen(job)} />)}
        </ul>
      )}
    </div>
  );
}

const marks = { well: "check", unwell: "warning", ended: "minus" } as const;

function Line({ job, onOpen }: { job: BulkJob; onOpen: () => void }) {
  const t = useWords();
  const what = sayJob(job, t, useRoles());
  const over = isOver(job);
  const mood = !over
    ? ""
    : job.failed > 0 || job.state === "stopped"
    ? "unwell"
    : job.state === "done"
    ? "well"
    : "ended";
  return (
    <li className={`job ${mood}`}>
      <Icon name={mood ? marks[mood] : bulkActions[job.action].icon} />
      <span className="name cut">{what}</span>
      <span className="job-result muted num">
        {!over && <progress max={job.total} value={job.settled} aria-label={t("bulk.progress")} />}
        <span>{sayResult(job, t)}</span>
        {over && <Time at={job.endedAt} />}
      </span>
      <span className="job-acts">
        <Button look="quiet" aria-label={t("bulk.detailsOf", { what })} onClick={onOpen}>{t("bulk.details")}</Button>
        {over && <IconButton icon="close" label={t("bulk.away", { what })} onClick={() => putAway(job)} />}
      </span>
    </li>
  );
}

/** Where one has scrolled past it, what comes or goes up here moves nothing that is on the screen. */
function useSteadyScroll(count: number) {
  const box = useRef<HTMLDivElement>(null);
  const before = useRef(0);
  useLayoutEffect(() => {
    const scroller = box.current?.closest("main");
    const height = box.current?.offsetHeight ?? 0;
    if (scroller && scroller.scrollTop > 0) scroller.scrollTop += height - before.current;
    before.current = height;
  }, [count]);
  return box;
}
