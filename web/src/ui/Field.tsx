import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { useId } from "react";

interface Around {
  label: string;
  hint?: ReactNode;
  fault?: string | undefined;
  optional?: string;
}

interface Wiring {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

/** Label, hint and fault around one control, tied together for assistive technology. */
function Frame({ label, hint, fault, optional, children }: Around & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", fault ? `${id}-fault` : ""].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {optional && <span className="optional">{optional}</span>}
      </label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": fault ? true : undefined })}
      {fault && <p className="fault" id={`${id}-fault`}>{fault}</p>}
      {hint && <p className="hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}

export function TextField({ label, hint, fault, optional, ...rest }: Around & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Frame label={label} hint={hint} fault={fault} {...(optional ? { optional } : {})}>
      {(wiring) => <input className="input" {...rest} {...wiring} />}
    </Frame>
  );
}

export function TextArea(
  { label, hint, fault, optional, ...rest }: Around & TextareaHTMLAttributes<HTMLTextAreaElement>,
) {
  return (
    <Frame label={label} hint={hint} fault={fault} {...(optional ? { optional } : {})}>
      {(wiring) => <textarea className="input" rows={3} {...rest} {...wiring} />}
    </Frame>
  );
}

export function SelectField(
  { label, hint, fault, optional, ...rest }: Around & SelectHTMLAttributes<HTMLSelectElement>,
) {
  return (
    <Frame label={label} hint={hint} fault={fault} {...(optional ? { optional } : {})}>
      {(wiring) => <select className="input select" {...rest} {...wiring} />}
    </Frame>
  );
}

/** A small select whose label is only spoken: for filter bars. */
export function FilterSelect(
  { label, children, ...rest }: { label: string } & SelectHTMLAttributes<HTMLSelectElement>,
) {
  return (
    <select {...rest} aria-label={label} className={`input select filter ${rest.value ? "set" : ""}`}>
      {children}
    </select>
  );
}

export function Checkbox(
  { label, hint, ...rest }: { label: ReactNode; hint?: ReactNode } & InputHTMLAttributes<HTMLInputElement>,
) {
  const id = useId();
  return (
    <div className="check">
      <input type="checkbox" id={id} {...rest} aria-describedby={hint ? `${id}-hint` : undefined} />
      <label htmlFor={id}>{label}</label>
      {hint && <p className="hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}
