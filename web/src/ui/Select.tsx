import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useWords } from "../lib/i18n";
import { type Choice, choiceBeginning, findChoices, readChoices } from "./choices";
import { Icon } from "./Icon";
import { Popover } from "./Popover";
import type { useValidity } from "./validity";

export interface SelectProps {
  value?: string | number | undefined;
  onChange?: ((event: { target: { value: string } }) => void) | undefined;
  /** `option` and `optgroup`, as in HTML; one that is disabled stands in the box while nothing is chosen. */
  children?: ReactNode;
  disabled?: boolean | undefined;
  required?: boolean | undefined;
  className?: string | undefined;
  id?: string | undefined;
  "data-autofocus"?: boolean | undefined;
  "aria-label"?: string | undefined;
  "aria-labelledby"?: string | undefined;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
}

/** From so many choices on there is a field to search among them. */
const many = 10;
/** For how long, in ms, letters that are typed one after the other are one word. */
const pause = 600;
const page = 8;
/** Under a finger a keyboard that comes up would hide the list. */
const isTouched = (): boolean => matchMedia("(pointer: coarse)").matches;

/**
 * One of several: a button that shows what is chosen, and the list that it opens (the pattern "select-only combobox" of the ARIA guide;
 * with a field to search where there are many). The focus stays where one types.
 */
export function Select(props: SelectProps & { onInvalid?: ReturnType<typeof useValidity>["onInvalid"] }) {
  const { value, onChange, children, disabled, required, className = "", id: given, onInvalid, ...wiring } = props;
  const own = useId();
  const id = given ?? own;
  const anchor = useRef<HTMLButtonElement>(null);
  const word = useRef({ text: "", at: 0 });
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const all = readChoices(children);
  const choices = all.filter((choice) => !choice.isPlaceholder);
  const chosen = all.find((choice) => choice.value === String(value ?? "")) ?? all[0];
  const searches = choices.length >= many;
  const found = open && searches ? findChoices(choices, text) : choices;
  const show = (at?: number, text = "") => {
    setText(text);
    setAt(at ?? Math.max(0, choices.findIndex((choice) => choice === chosen)));
    setOpen(true);
  };
  const pick = (choice: Choice | undefined) => {
    setOpen(false);
    if (choice && choice.value !== chosen?.value) onChange?.({ target: { value: choice.value } });
  };
  const go = (to: number) => setAt(Math.max(0, Math.min(to, found.length - 1)));
  /** - Returns: whether the key was for the list. */
  const press = (event: KeyboardEvent): boolean => {
    const { key } = event;
    const isLetter = key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    const isWord = isLetter && (key !== " " || (word.current.text !== "" && Date.now() - word.current.at < pause));
    if (!open) {
      if (key === "ArrowDown" || key === "ArrowUp" || key === " ") show();
      else if (key === "Home") show(0);
      else if (key === "End") show(choices.length - 1);
      else if (isLetter && searches) show(0, key);
      else if (isLetter) type(key);
      else return false;
      return true;
    }
    if (key === "Tab") {
      pick(found[at]);
      return false;
    }
    if (key === "Escape") setOpen(false);
    else if (key === "Enter" || (key === "ArrowUp" && event.altKey)) pick(found[at]);
    else if (key === "ArrowDown") go(at + 1);
    else if (key === "ArrowUp") go(at - 1);
    else if (key === "PageDown") go(at + page);
    else if (key === "PageUp") go(at - page);
    else if (searches) return false;
    else if (key === "Home") go(0);
    else if (key === "End") go(found.length - 1);
    else if (isWord) type(key);
    else if (key === " ") pick(found[at]);
    else return false;
    return true;
  };
  /** Letters lead to the choice that begins with them. */
  const type = (key: string) => {
    const isMore = Date.now() - word.current.at < pause;
    word.current = { text: isMore ? word.current.text + key : key, at: Date.now() };
    const from = open ? at : choices.findIndex((choice) => choice === chosen);
    const next = choiceBeginning(choices, word.current.text, from);
    if (open) go(next ?? at);
    else show(next ?? undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || !press(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const optionId = (index: number) => `${own}-option-${index}`;
  useEffect(() => {
    if (open) void document.getElementById(optionId(at))?.scrollIntoView({ block: "nearest" });
  }, [open, at]);
  const active = open && found[at] ? optionId(at) : undefined;
  const list = (
    <Options
      id={`${own}-list`}
      label={wiring["aria-label"]}
      labelledBy={wiring["aria-labelledby"]}
      choices={found}
      takesFocus={searches && isTouched()}
      chosen={chosen}
      at={at}
      optionId={optionId}
      onPoint={setAt}
      onPick={pick}
    />
  );
  return (
    <>
      <button
        {...wiring}
        ref={anchor}
        id={id}
        type="button"
        role="combobox"
        className={`input select ${className}`}
        aria-haspopup={searches ? "dialog" : "listbox"}
        aria-expanded={open}
        aria-controls={open ? `${own}-${searches ? "layer" : "list"}` : undefined}
        aria-activedescendant={searches ? undefined : active}
        aria-required={required || undefined}
        disabled={disabled}
        onClick={() => (open ? setOpen(false) : show())}
        onKeyDown={onKeyDown}
        // The space bar has acted already as it went down.
        onKeyUp={(event) => event.key === " " && event.preventDefault()}
      >
        <span className={`cut ${chosen?.isPlaceholder ? "muted" : ""}`}>{chosen?.label ?? "\u00a0"}</span>
        <Icon name="down" size={14} />
      </button>
      {required && (
        // Stands for the button where the form is checked.
        <input
          className="select-check"
          required
          tabIndex={-1}
          aria-hidden="true"
          data-for={id}
          value={chosen?.isPlaceholder ? "" : chosen?.value ?? ""}
          onChange={() => undefined}
          onInvalid={onInvalid}
        />
      )}
      {open && (
        <Popover
          anchor={anchor}
          id={`${own}-layer`}
          role={searches ? "dialog" : "none"}
          {...(searches ? { label: wiring["aria-label"], labelledBy: wiring["aria-labelledby"] } : {})}
          className="options-popover"
          onClose={() => setOpen(false)}
        >
          {searches && (
            <Search
              text={text}
              list={`${own}-list`}
              active={active}
              onKeyDown={onKeyDown}
              onChange={(next) => {
                setText(next);
                setAt(0);
              }}
            />
          )}
          {list}
        </Popover>
      )}
    </>
  );
}

interface SearchProps {
  text: string;
  list: string;
  active: string | undefined;
  onChange: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function Search({ text, list, active, onChange, onKeyDown }: SearchProps) {
  const t = useWords();
  return (
    <input
      className="input"
      role="combobox"
      aria-expanded="true"
      aria-controls={list}
      aria-activedescendant={active}
      aria-label={t("select.search")}
      placeholder={t("select.search")}
      autoComplete="off"
      spellCheck={false}
      data-autofocus={isTouched() ? undefined : ""}
      value={text}
      onKeyDown={onKeyDown}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface OptionsProps {
  id: string;
  label: string | undefined;
  labelledBy: string | undefined;
  choices: readonly Choice[];
  chosen: Choice | undefined;
  /** In the place of a field to search in. */
  takesFocus: boolean;
  at: number;
  optionId: (index: number) => string;
  onPoint: (index: number) => void;
  onPick: (choice: Choice) => void;
}

function Options(props: OptionsProps) {
  const { id, label, labelledBy, choices, chosen, takesFocus, at, optionId, onPoint, onPick } = props;
  const t = useWords();
  const groups = [...new Set(choices.map(({ group }) => group))];
  const option = (choice: Choice) => {
    const index = choices.indexOf(choice);
    const isChosen = choice.value === chosen?.value;
    return (
      <div
        key={choice.value}
        id={optionId(index)}
        role="option"
        aria-selected={isChosen}
        className={`option ${index === at ? "at" : ""}`}
        onMouseMove={() => onPoint(index)}
        onClick={() => onPick(choice)}
      >
        <span>{choice.label}</span>
        {isChosen && <Icon name="check" size={14} />}
      </div>
    );
  };
  return (
    <>
      <div
        id={id}
        role="listbox"
        className="options"
        tabIndex={-1}
        data-autofocus={takesFocus ? "" : undefined}
        aria-label={label}
        aria-labelledby={labelledBy}
        // The focus stays where one types.
        onMouseDown={(event) => event.preventDefault()}
      >
        {groups.map((group) =>
          group === null
            ? choices.filter((choice) => choice.group === null).map(option)
            : (
              <div key={group} role="group" aria-label={group}>
                <div className="option-group" aria-hidden="true">{group}</div>
                {choices.filter((choice) => choice.group === group).map(option)}
              </div>
            )
        )}
      </div>
      {choices.length === 0 && <p className="option muted" role="status">{t("palette.none")}</p>}
    </>
  );
}
