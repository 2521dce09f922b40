import type { InputHTMLAttributes, ReactNode, TextareaHTMLAttributes } from "react";
import { useId } from "react";
import { Select, type SelectProps } from "./Select";
import { useValidity } from "./validity";

interface Around {
  label: string;
  hint?: ReactNode;
  fault?: string | undefined;
  optional?: string;
}

interface Wiring {
  id: string;
  "aria-labelledby"?: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

/** Label, hint and fault around one control, tied together for assistive technology. */
function Frame(
  { label, hint, fault, optional, isNamed = false, children }: Around & {
    /** The label names a control that is a button: a press on the label must not press it. */
    isNamed?: boolean;
    children: (wiring: Wiring) => ReactNode;
  },
) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", fault ? `${id}-fault` : ""].filter(Boolean).join(" ");
  return (
    <div className="field">
      {isNamed ? <span className="field-label" id={`${id}-label`}>{label}</span> : (
        <label htmlFor={id}>
          {label}
          {optional && <span className="optional">{optional}</span>}
        </label>
      )}
      {children({
        id,
        ...(isNamed ? { "aria-labelledby": `${id}-label` } : {}),
        "aria-describedby": described || undefined,
        "aria-invalid": fault ? true : undefined,
      })}
      {fault && <p className="fault" id={`${id}-fault`}>{fault}</p>}
      {hint && <p className="hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}

export function TextField({ label, hint, fault, optional, ...rest }: Around & InputHTMLAttributes<HTMLInputElement>) {
  const { fault: own, onInvalid, onInput } = useValidity();
  return (
    <Frame label={label} hint={hint} fault={fault ?? own} {...(optional ? { optional } : {})}>
      {(wiring) => <input className="input" {...rest} {...wiring} onInvalid={onInvalid} onInput={onInput} />}
    </Frame>
  );
}

export function TextArea(
  { label, hint, fault, optional, ...rest }: Around & TextareaHTMLAttributes<HTMLTextAreaElement>,
) {
  const { fault: own, onInvalid, onInput } = useValidity();
  return (
    <Frame label={label} hint={hint} fault={fault ?? own} {...(optional ? { optional } : {})}>
      {(wiring) => (
        <textarea
          className="input"
          rows={3}
          {...rest}
          {...wiring}
          onInvalid={onInvalid}
          onInput={onInput}
        />
      )}
    </Frame>
  );
}

export function SelectField({ label, hint, fault, optional, ...rest }: Around & SelectProps) {
  const own = useValidity();
  const onChange = (event: { target: { value: string } }) => {
    own.clear();
    rest.onChange?.(event);
  };
  return (
    <Frame label={label} hint={hint} fault={fault ?? own.fault} {...(optional ? { optional } : {})} isNamed>
      {(wiring) => <Select {...rest} {...wiring} onChange={onChange} onInvalid={own.onInvalid} />}
    </Frame>
  );
}

/** A small select whose label is only spoken: for filter bars. */
export function FilterSelect({ label, children, ...rest }: { label: string } & SelectProps) {
  return (
    <Select {...rest} aria-label={label} className={`filter ${rest.value ? "set" : ""}`}>
      {children}
    </Select>
  );
}

export function Checkbox(
  { label, hint, ...rest }: { label: ReactNode; hint?: ReactNode } & InputHTMLAttributes<HTMLInputElement>,
) {
  const id = useId();
  const { fault, onInvalid, onInput } = useValidity();
  const described = [hint ? `${id}-hint` : "", fault ? `${id}-fault` : ""].filter(Boolean).join(" ");
  return (
    <div className="check">
      <input
        type="checkbox"
        id={id}
        {...rest}
        aria-describedby={described || undefined}
        aria-invalid={fault ? true : undefined}
        onInvalid={onInvalid}
        onInput={onInput}
      />
      <label htmlFor={id}>{label}</label>
      {fault && <p className="fault" id={`${id}-fault`}>{fault}</p>}
      {hint && <p className="hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}
