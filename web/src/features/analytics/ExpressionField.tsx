import { useId, useRef } from "react";
import { useWords } from "../../lib/i18n";

/** The metrics and their units. */
export const metrics = [
  "error_rate",
  "errors_api",
  "errors_4xx",
  "requests",
  "latency_mean",
  "latency_p50",
  "latency_p95",
  "latency_p99",
  "active_users",
  "sessions",
  "sockets",
  "signups",
  "login_failures",
  "queue_depth",
  "disk_free",
  "cpu",
  "memory",
] as const;

interface Props {
  value: string;
  onChange: (value: string) => void;
  fault: string | undefined;
  /** The place of the fault, in characters. */
  place: { position: number; length: number } | null;
  readOnly: boolean;
}

/** The condition of an alert, with its fault underlined. */
export function ExpressionField({ value, onChange, fault, place, readOnly }: Props) {
  const t = useWords();
  const id = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const insert = (metric: string) => {
    const field = input.current;
    if (!field) return;
    const [start, end] = [field.selectionStart, field.selectionEnd];
    const before = value.slice(0, start);
    const gap = before === "" || before.endsWith(" ") || before.endsWith("(") ? "" : " ";
    onChange(`${before}${gap}${metric}${value.slice(end)}`);
    const at = start + gap.length + metric.length;
    requestAnimationFrame(() => {
      field.focus();
      field.setSelectionRange(at, at);
    });
  };
  return (
    <div className="field">
      <label htmlFor={id}>{t("alerts.expression")}</label>
      <div className="expression">
        <div className="expression-marks" aria-hidden="true">
          {fault && place && <Marks text={value} position={place.position} length={place.length} />}
        </div>
        <textarea
          ref={input}
          id={id}
          className="input"
          rows={2}
          maxLength={500}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          value={value}
          readOnly={readOnly}
          aria-invalid={fault ? true : undefined}
          aria-describedby={`${fault ? `${id}-fault ` : ""}${id}-hint`}
          onChange={(event) => onChange(event.target.value.replace(/\n/g, " "))}
        />
      </div>
      {fault && (
        <p className="fault" id={`${id}-fault`} role="status">
          {place ? t("alerts.fault.at", { position: place.position + 1, fault }) : fault}
        </p>
      )}
      <p className="hint" id={`${id}-hint`}>{t("alerts.expression.hint")}</p>
      {!readOnly && (
        <details className="metric-list">
          <summary>{t("alerts.metrics")}</summary>
          <ul role="list">
            {metrics.map((metric) => (
              <li key={metric}>
                <button type="button" className="metric" onClick={() => insert(metric)}>{metric}</button>
                <span className="tiny muted">{t(`alerts.metric.${metric}`)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** The same text behind the field, with a wavy line under the fault. */
function Marks({ text, position, length }: { text: string; position: number; length: number }) {
  const letters = [...text];
  const wrong = letters.slice(position, position + length).join("");
  return (
    <>
      {letters.slice(0, position).join("")}
      <span className="wrong">{wrong === "" ? "\u00a0" : wrong}</span>
      {letters.slice(position + length).join("")}
    </>
  );
}
