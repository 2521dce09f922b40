import { useEffect } from "react";
import { useWords } from "../../lib/i18n";
import { invalidate } from "../../lib/query";
import { useStore } from "../../lib/store";
import { now } from "../../lib/time";
import { CancelImport } from "./CancelImport";
import { type Import, importKey } from "./imports";

/** Between two reads of the progress, in ms, in case events are lost. */
const beat = 2_000;

/** The progress of an import that runs. */
export function RunStep({ each }: { each: Import }) {
  const t = useWords();
  useStore(now);
  useEffect(() => {
    const timer = setInterval(() => invalidate(importKey(each.id)), beat);
    return () => clearInterval(timer);
  }, [each.id]);
  const share = each.ready > 0 ? Math.min(1, each.settled / each.ready) : 0;
  const spent = each.startedAt ? (Date.now() - Date.parse(each.startedAt)) / 1000 : 0;
  const left = share > 0.05 && share < 1 ? Math.ceil(spent / share - spent) : 0;
  return (
    <div className="stack">
      <div className="card stack tight">
        <div className="import-run">
          <span className="import-figure num">{Math.floor(share * 100)} %</span>
          <span className="muted small num" role="status">
            {t("imports.progress", { done: each.settled, total: each.ready })}
            {left > 0 && ` · ${t("imports.seconds", { count: left })}`}
          </span>
        </div>
        <progress className="import-progress" max={1} value={share} aria-label={t("imports.step.import")} />
        <p className="hint">{t("imports.leave")}</p>
      </div>
      <div className="form-actions">
        <CancelImport each={each} stops />
      </div>
    </div>
  );
}
