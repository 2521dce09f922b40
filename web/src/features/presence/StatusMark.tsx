import { useWords, type Words } from "../../lib/i18n";
import type { Status } from "../../lib/resources";

const shapes: Record<Status, string> = {
  online: "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1z",
  idle: "M5.2 1.1a5 5 0 1 0 5.7 5.7A4.2 4.2 0 0 1 5.2 1.1z",
  dnd: "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1zM3.5 5h5v2h-5z",
  offline: "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1zm0 2.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z",
  invisible: "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1zm0 2.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z",
};

/** A status as a colour and a shape: full disc, crescent, barred disc, ring. */
export function StatusMark({ status, size = 12, silent = false }: { status: Status; size?: number; silent?: boolean }) {
  const t = useWords();
  return (
    <span className={`mark mark-${status}`}>
      <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        <path d={shapes[status]} fill="currentColor" fillRule="evenodd" />
      </svg>
      {!silent && <span className="hidden">{t(`status.${status}`)}</span>}
    </span>
  );
}

export const statusName = (status: Status, t: Words): string => t(`status.${status}`);
