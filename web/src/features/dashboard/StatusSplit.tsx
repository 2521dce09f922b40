import { useWords } from "../../lib/i18n";
import { shownStatuses } from "../../lib/resources";
import { Link } from "../../ui/Link";
import { Skeleton } from "../../ui/States";
import { StatusMark } from "../presence/StatusMark";
import type { Counts } from "./counts";

const present = ["online", "idle", "dnd"] as const;

/** Those who are there, split by status: a bar for the eye, the numbers beside it for all. */
export function StatusSplit({ counts }: { counts: Counts | null }) {
  const t = useWords();
  if (!counts) return <Skeleton rows={3} shape="line" />;
  const total = counts.online + counts.idle + counts.dnd;
  let from = 0;
  return (
    <>
      <svg className="split" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="10" className="split-none" />
        {total > 0 && present.map((status) => {
          const width = (counts[status] / total) * 100;
          const x = from;
          from += width;
          return width > 0 && <rect key={status} className={`split-${status}`} x={x} width={width} height="10" />;
        })}
      </svg>
      <ul role="list" className="legend">
        {shownStatuses.map((status) => (
          <li key={status}>
            <StatusMark status={status} silent />
            <Link href={`/panel/members?status=${status}`} className="textlink">{t(`status.${status}`)}</Link>
            <b className="num">{counts[status] === null ? "–" : t("figure", { value: counts[status] ?? 0 })}</b>
          </li>
        ))}
      </ul>
    </>
  );
}
