// What is wrong with a field, said by the app in its own language and place, not by the browser in a bubble.
import { type FormEvent, useState } from "react";
import { type Key, useWords, type Values } from "../lib/i18n";

type Control = HTMLInputElement | HTMLTextAreaElement;
type Finding = [key: Key, values?: Values];

/** What the browser found, as a sentence; null when the value is right. */
export function findingOf(control: Pick<Control, "type" | "validity"> & Partial<HTMLInputElement>): Finding | null {
  const { validity, type } = control;
  if (validity.valid) return null;
  if (validity.valueMissing) return [type === "checkbox" ? "field.tick" : "field.required"];
  if (validity.tooShort) return ["field.short", { count: control.minLength ?? 1 }];
  const bounds = { min: control.min ?? "", max: control.max ?? "" };
  if ((validity.rangeUnderflow || validity.rangeOverflow) && type === "number") {
    return bounds.min && bounds.max
      ? ["field.between", bounds]
      : bounds.min
      ? ["field.least", bounds]
      : ["field.most", bounds];
  }
  if (type === "email") return ["field.email"];
  if (type === "url") return ["field.url"];
  return [type === "number" ? "field.number" : "field.wrong"];
}

/** The fault that a field shows after its form was refused, until its value is right, and the handlers that find it. */
export function useValidity(): {
  fault: string | undefined;
  clear: () => void;
  onInvalid: (event: FormEvent<Control>) => void;
  onInput: (event: FormEvent<Control>) => void;
} {
  const t = useWords();
  const [found, setFound] = useState<Finding | null>(null);
  return {
    fault: found ? t(...found) : undefined,
    clear: () => setFound(null),
    onInvalid: (event) => {
      event.preventDefault();
      const control = event.currentTarget;
      setFound(findingOf(control));
      if (control.form?.querySelector("input:invalid, textarea:invalid") !== control) return;
      // What only stands for another control names the one that takes the focus.
      const stands = control.dataset["for"];
      (stands ? document.getElementById(stands) : control)?.focus();
    },
    onInput: (event) => {
      if (found && event.currentTarget.validity.valid) setFound(null);
    },
  };
}
