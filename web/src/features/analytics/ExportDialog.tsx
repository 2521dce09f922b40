import { useState } from "react";
import { withQuery } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { SelectField } from "../../ui/Field";

const spans = [
  { id: "hour", interval: "1m", last: 60, hours: 1 },
  { id: "day", interval: "1m", last: 1440, hours: 24 },
  { id: "week", interval: "1h", last: 168, hours: 168 },
  { id: "month", interval: "1d", last: 30, hours: 720 },
] as const;

/** A file of what is measured, or of what happened. */
export function ExportDialog({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const [what, setWhat] = useState<"windows" | "events">("windows");
  const [span, setSpan] = useState<(typeof spans)[number]>(spans[0]);
  const hrefOf = (format: "csv" | "json") =>
    what === "windows"
      ? withQuery("/api/v1/analytics/live", { interval: span.interval, last: span.last, format })
      : withQuery("/api/v1/analytics/events", {
        from: new Date(Date.now() - span.hours * 3_600_000).toISOString(),
        format,
      });
  return (
    <Dialog
      title={t("analytics.export")}
      width="small"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <a className="btn" href={hrefOf("json")} download onClick={onClose}>{t("analytics.export.json")}</a>
          <a className="btn btn-primary" href={hrefOf("csv")} download onClick={onClose}>{t("analytics.export.csv")}</a>
        </>
      }
    >
      <div className="stack">
        <SelectField
          label={t("analytics.export.what")}
          value={what}
          onChange={(event) => setWhat(event.target.value === "events" ? "events" : "windows")}
        >
          <option value="windows">{t("analytics.export.windows")}</option>
          <option value="events">{t("analytics.events")}</option>
        </SelectField>
        <SelectField
          label={t("analytics.export.span")}
          value={span.id}
          onChange={(event) => setSpan(spans.find(({ id }) => id === event.target.value) ?? spans[0])}
        >
          {spans.map(({ id }) => <option key={id} value={id}>{t(`analytics.export.${id}`)}</option>)}
        </SelectField>
        <p className="tiny muted">
          {t(what === "events" ? "analytics.export.events.hint" : "analytics.export.windows.hint")}
        </p>
      </div>
    </Dialog>
  );
}
