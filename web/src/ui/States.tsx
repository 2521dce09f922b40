// What a place shows when it has nothing, not yet, or not this time.
import type { ReactNode } from "react";
import { useWords, type Words } from "../lib/i18n";
import type { Problem } from "../lib/problem";
import { Button } from "./Button";
import { copy } from "./copy";
import { Icon, type IconName } from "./Icon";
import { useWaiting } from "./Waiting";

/** The server's own words where it gave some (they are in the reader's language), ours where it could not. */
export function problemText(problem: Problem, t: Words): string {
  if (problem.isLate) return t("problem.timeout");
  if (problem.isOffline) return t("problem.offline");
  if (problem.status === 429) return problem.detail || t("problem.busy", { count: problem.retryAfter ?? 1 });
  if (problem.status === 412) return t("problem.stale");
  return problem.detail || problem.title || (problem.status >= 500 ? t("problem.server") : t("problem.unexpected"));
}

/** What the team needs to find it again in the logs, folded away; copied whole, with where and when it was. */
export function Context({ problem }: { problem: Problem }) {
  const t = useWords();
  if (!problem.requestId) return null;
  const lines = [
    `${problem.status} ${problem.code}`,
    problem.detail || problem.title,
    `${t("problem.request")} ${problem.requestId}`,
    location.pathname + location.search,
    problem.at.toISOString(),
  ];
  return (
    <details className="request-id">
      <summary>{t("problem.details")}</summary>
      <span>
        {t("problem.request")} <code>{problem.requestId}</code>
      </span>{" "}
      <button type="button" className="link" onClick={() => void copy(lines.filter(Boolean).join("\n"))}>
        {t("problem.copy")}
      </button>
    </details>
  );
}

export function ErrorState({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const t = useWords();
  const title = problem.status === 404
    ? t("problem.missing")
    : problem.status === 403
    ? t("problem.forbidden")
    : problem.isOffline
    ? t("problem.offlineTitle")
    : t("problem.title");
  return (
    <div className="state" role="alert">
      <span className="state-icon bad">
        <Icon name={problem.status === 403 ? "lock" : "warning"} size={22} />
      </span>
      <h2>{title}</h2>
      <p className="muted">{problemText(problem, t)}</p>
      {onRetry && problem.status !== 403 && problem.status !== 404 && (
        <Button onClick={onRetry} icon="undo">{t("common.retry")}</Button>
      )}
      <Context problem={problem} />
    </div>
  );
}

/** A problem inside a form, above its buttons. */
export function FormProblem({ problem }: { problem: Problem | null }) {
  const t = useWords();
  if (!problem) return null;
  const named = problem.faults.filter((fault) => fault.detail && fault.field === "");
  return (
    <div className="form-problem" role="alert">
      <Icon name="warning" />
      <div>
        {problemText(problem, t)}
        {named.map((fault) => <p key={fault.pointer}>{fault.detail}</p>)}
        <Context problem={problem} />
      </div>
    </div>
  );
}

export function EmptyState(
  { icon, title, text, children }: { icon: IconName; title: string; text: string; children?: ReactNode },
) {
  return (
    <div className="state">
      <span className="state-icon">
        <Icon name={icon} size={22} />
      </span>
      <h2>{title}</h2>
      <p className="muted">{text}</p>
      {children}
    </div>
  );
}

/** Grey shapes of what comes. */
export function Skeleton({ rows = 6, shape = "row" }: { rows?: number; shape?: "row" | "line" | "card" }) {
  const t = useWords();
  useWaiting();
  return (
    <div className={`skeletons ${shape}`}>
      <span className="hidden">{t("common.loading")}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={`skeleton ${shape}`} aria-hidden="true">
          {shape === "row" && <i className="disc" />}
          <i className={`bar w${(index % 4) + 1}`} />
          {shape !== "line" && <i className={`bar thin w${((index + 2) % 4) + 1}`} />}
        </div>
      ))}
    </div>
  );
}
