import { type ReactNode, useId } from "react";

export interface Segment<T extends string> {
  value: T;
  label: string;
  content?: ReactNode;
}

interface SegmentedProps<T extends string> {
  legend: string;
  segments: readonly Segment<T>[];
  value: T;
  onChange: (value: T) => void;
  look?: "plain" | "marks";
  disabled?: boolean;
}

/** One of a few: native radios, so that arrows, forms and screen readers already know it. */
export function Segmented<T extends string>(
  { legend, segments, value, onChange, look = "plain", disabled = false }: SegmentedProps<T>,
) {
  const name = useId();
  return (
    <fieldset className={`segmented ${look}`} disabled={disabled}>
      <legend className="hidden">{legend}</legend>
      {segments.map((segment) => (
        <label
          key={segment.value}
          className={`segment ${segment.value}`}
          title={segment.content ? segment.label : undefined}
        >
          <input
            type="radio"
            name={name}
            className="hidden"
            value={segment.value}
            checked={segment.value === value}
            onChange={() => onChange(segment.value)}
          />
          <span className={segment.content ? "hidden" : ""}>{segment.label}</span>
          {segment.content}
        </label>
      ))}
    </fieldset>
  );
}
