import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { locale, useLanguage, useWords } from "../lib/i18n";
import { IconButton } from "./Button";
import { addDays, addMonths, formatDay, parseDay, today, weeksOf } from "./dates";
import { Popover } from "./Popover";

interface DateFieldProps {
  label: string;
  /** A day as `2026-01-31`, with a time as `2026-01-31T14:30`; empty for none. */
  value: string;
  onChange: (event: { target: { value: string } }) => void;
  withTime?: boolean;
  min?: string | undefined;
  max?: string | undefined;
  optional?: string;
  hint?: string;
  fault?: string | undefined;
  /** In a bar of filters: the label stands before the field. */
  inline?: boolean;
}

/** A date that is typed as the language of the app writes it, or chosen from a calendar. */
export function DateField(props: DateFieldProps) {
  const { label, value, onChange, withTime = false, min, max, optional, hint, fault, inline = false } = props;
  const t = useWords();
  const of = useLanguage();
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  /** What is being typed, until it is left; null while the value stands there. */
  const [text, setText] = useState<string | null>(null);
  const [isWrong, setWrong] = useState(false);
  const read = (typed: string): string | null => {
    if (typed.trim() === "") return "";
    const day = parseDay(typed, withTime);
    return day === null || (min && day < min.slice(0, day.length)) || (max && day > max.slice(0, day.length))
      ? null
      : day;
  };
  const type = (typed: string) => {
    setText(typed);
    setWrong(false);
    const day = read(typed);
    if (day !== null && day !== value) onChange({ target: { value: day } });
  };
  const leave = () => {
    if (text === null) return;
    const day = read(text);
    setWrong(day === null);
    if (day !== null) setText(null);
  };
  const shown = fault ??
    (isWrong ? t("field.date", { example: formatDay(withTime ? "2026-12-31T18:30" : "2026-12-31", of) }) : undefined);
  return (
    <div className={inline ? "date-filter" : "field"}>
      <label id={`${id}-label`} htmlFor={id}>
        {label}
        {optional && <span className="optional">{optional}</span>}
      </label>
      <div className="date-box">
        <input
          id={id}
          className="input"
          inputMode="numeric"
          autoComplete="off"
          placeholder={t(withTime ? "date.patternTime" : "date.pattern")}
          value={text ?? formatDay(value, of)}
          aria-invalid={shown ? true : undefined}
          aria-describedby={[shown && `${id}-fault`, hint && `${id}-hint`].filter(Boolean).join(" ") || undefined}
          onChange={(event) => type(event.target.value)}
          onBlur={leave}
        />
        <IconButton
          ref={anchor}
          icon="calendar"
          label={t("date.choose")}
          aria-describedby={`${id}-label`}
          aria-haspopup="dialog"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        />
      </div>
      {shown && <p className="fault" id={`${id}-fault`}>{shown}</p>}
      {hint && <p className="hint" id={`${id}-hint`}>{hint}</p>}
      {open && (
        <Popover
          anchor={anchor}
          label={t("date.choose")}
          align="end"
          className="calendar"
          onClose={() => setOpen(false)}
        >
          <Calendar
            value={value}
            min={min?.slice(0, 10)}
            max={max?.slice(0, 10)}
            onPick={(day) => {
              setOpen(false);
              setText(null);
              setWrong(false);
              onChange({ target: { value: withTime ? `${day}T${value.slice(11, 16) || "12:00"}` : day } });
            }}
          />
        </Popover>
      )}
    </div>
  );
}

interface CalendarProps {
  value: string;
  min: string | undefined;
  max: string | undefined;
  onPick: (day: string) => void;
}

/** A month as a grid: arrows go by day and week, Page keys by month, with Shift by year. */
function Calendar({ value, min, max, onPick }: CalendarProps) {
  const t = useWords();
  const of = useLanguage();
  const id = useId();
  const grid = useRef<HTMLTableElement>(null);
  const now = today();
  const within = (day: string): string => (min && day < min ? min : max && day > max ? max : day);
  const [at, setAt] = useState(within(value.slice(0, 10) || now));
  const keyed = useRef(false);
  useEffect(() => {
    if (keyed.current) grid.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
    keyed.current = false;
  }, [at]);
  const words = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale(of), { ...options, timeZone: "UTC" });
    return (day: string) => format.format(new Date(`${day}T00:00:00Z`));
  };
  const [nameOfMonth, nameOfDay] = [words({ month: "long", year: "numeric" }), words({ dateStyle: "full" })];
  const [short, long] = [words({ weekday: "short" }), words({ weekday: "long" })];
  const onKeyDown = (event: KeyboardEvent) => {
    const months = event.shiftKey ? 12 : 1;
    const weekday = (new Date(`${at}T00:00:00Z`).getUTCDay() + 6) % 7;
    const next = {
      ArrowLeft: addDays(at, -1),
      ArrowRight: addDays(at, 1),
      ArrowUp: addDays(at, -7),
      ArrowDown: addDays(at, 7),
      Home: addDays(at, -weekday),
      End: addDays(at, 6 - weekday),
      PageUp: addMonths(at, -months),
      PageDown: addMonths(at, months),
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    keyed.current = true;
    setAt(within(next));
  };
  const weeks = weeksOf(at);
  return (
    <>
      <header className="calendar-head">
        <IconButton icon="left" label={t("date.previous")} onClick={() => setAt(within(addMonths(at, -1)))} />
        <h2 id={id} aria-live="polite">{nameOfMonth(at)}</h2>
        <IconButton icon="right" label={t("date.next")} onClick={() => setAt(within(addMonths(at, 1)))} />
      </header>
      <table ref={grid} role="grid" aria-labelledby={id} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {weeks[0]?.map((day) => <th key={day} scope="col" abbr={long(day)}>{short(day)}</th>)}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day} role="gridcell" aria-selected={day === value.slice(0, 10)}>
                  <button
                    type="button"
                    className={`day ${day.slice(0, 7) === at.slice(0, 7) ? "" : "other"}`}
                    tabIndex={day === at ? 0 : -1}
                    data-autofocus={day === at ? "" : undefined}
                    aria-label={nameOfDay(day)}
                    aria-current={day === now ? "date" : undefined}
                    disabled={within(day) !== day}
                    onClick={() => onPick(day)}
                  >
                    {Number(day.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
