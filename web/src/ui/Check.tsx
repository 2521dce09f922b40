import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "./Icon";

interface CheckProps {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  /** Some of what it stands for, not all. */
  mixed?: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** A checkbox drawn by us on the platform's own: forms, keys and screen readers know it. */
export function Check({ label, hint, checked, mixed = false, disabled = false, onChange }: CheckProps) {
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = mixed;
  }, [mixed]);
  return (
    <label className={`tick ${disabled ? "disabled" : ""}`}>
      <input
        ref={box}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="tick-box" aria-hidden="true">
        <Icon name={mixed ? "minus" : "check"} size={14} />
      </span>
      <span>
        {label}
        {hint && <span className="hint" id={`${id}-hint`}>{hint}</span>}
      </span>
    </label>
  );
}
