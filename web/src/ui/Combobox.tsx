import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { fold } from "../lib/fold";
import { useWords } from "../lib/i18n";
import { Icon } from "./Icon";
import { Popover } from "./Popover";

export interface Option<V extends string = string> {
  value: V;
  label: string;
  hint?: string;
  mark?: JSX.Element;
  disabled?: boolean;
}

interface SelectProps<V extends string> {
  label: string;
  options: readonly Option<V>[];
  value: V | null;
  onChange: (value: V) => void;
  placeholder?: string;
  disabled?: boolean;
  /** With a field to search in; on by itself from ten options on. */
  searches?: boolean;
  fault?: string | undefined;
}

/** One of many, with a search among them: a button that says what is chosen, and the list that it opens. */
export function Select<V extends string>(props: SelectProps<V>) {
  const { label, options, value, onChange, placeholder, disabled = false, fault } = props;
  const searches = props.searches ?? options.length >= 10;
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const chosen = options.find((option) => option.value === value);
  return (
    <div className="field">
      <span className="field-label" id={`${id}-label`}>{label}</span>
      <button
        ref={anchor}
        type="button"
        className="input select-button"
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-labelledby={`${id}-label ${id}-value`}
        aria-describedby={fault ? `${id}-fault` : undefined}
        data-invalid={fault ? true : undefined}
        disabled={disabled}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {chosen?.mark}
        <span className={`cut ${chosen ? "" : "muted"}`} id={`${id}-value`}>{chosen?.label ?? placeholder ?? "–"}</span>
        <Icon name="down" />
      </button>
      {fault && <p className="fault" id={`${id}-fault`}>{fault}</p>}
      {open && (
        <Popover anchor={anchor} label={label} onClose={() => setOpen(false)} className="options-popover">
          <Options
            label={label}
            options={options}
            value={value}
            searches={searches}
            onPick={(next) => {
              setOpen(false);
              onChange(next);
            }}
          />
        </Popover>
      )}
    </div>
  );
}

interface OptionsProps<V extends string> {
  label: string;
  options: readonly Option<V>[];
  value: V | null;
  searches: boolean;
  onPick: (value: V) => void;
}

function Options<V extends string>({ label, options, value, searches, onPick }: OptionsProps<V>) {
  const t = useWords();
  const id = useId();
  const [text, setText] = useState("");
  const wanted = fold(text.trim());
  const found = options.filter((option) => fold(`${option.label} ${option.hint ?? ""}`).includes(wanted));
  const [at, setAt] = useState(() => Math.max(0, options.findIndex((option) => option.value === value)));
  useEffect(() => {
    void document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: found.length - 1 }[event.key];
    if (to !== undefined && found.length > 0 && (!searches || !["Home", "End"].includes(event.key))) {
      event.preventDefault();
      setAt((to + found.length) % found.length);
    } else if (event.key === "Enter" || (event.key === " " && !searches)) {
      event.preventDefault();
      const option = found[at];
      if (option && !option.disabled) onPick(option.value);
    } else if (!searches && event.key.length === 1) {
      const next = found.findIndex((option) => fold(option.label).startsWith(fold(event.key)));
      if (next >= 0) setAt(next);
    }
  };
  const active = found[at] ? `${id}-${at}` : undefined;
  return (
    <>
      {searches && (
        <input
          className="input"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={active}
          aria-label={t("select.search", { label })}
          placeholder={t("select.search", { label })}
          data-autofocus
          value={text}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
        />
      )}
      <ul
        role="listbox"
        id={`${id}-list`}
        aria-label={label}
        className="options"
        {...(searches ? {} : { tabIndex: 0, "data-autofocus": true, onKeyDown, "aria-activedescendant": active })}
      >
        {found.map((option, index) => (
          <li
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={option.value === value}
            aria-disabled={option.disabled || undefined}
            className={`option ${index === at ? "at" : ""}`}
            onMouseMove={() => setAt(index)}
            onClick={() => !option.disabled && onPick(option.value)}
          >
            {option.mark}
            <span className="cut">{option.label}</span>
            {option.hint && <span className="tiny muted cut">{option.hint}</span>}
            {option.value === value && <Icon name="check" />}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="option muted" role="status">{t("palette.none")}</p>}
    </>
  );
}
