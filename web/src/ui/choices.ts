// The choices of a select, written as HTML writes them: option, optgroup, fragments of these.
import { Children, Fragment, isValidElement, type ReactElement, type ReactNode } from "react";
import { fold } from "../lib/fold";

export interface Choice {
  value: string;
  label: string;
  /** The heading that it stands under. */
  group: string | null;
  /** Stands in the box while nothing is chosen, and is not in the list. */
  isPlaceholder: boolean;
}

interface OptionProps {
  value?: string | number;
  label?: string;
  disabled?: boolean;
  children?: ReactNode;
}

const textOf = (node: ReactNode): string => Children.toArray(node).join("");

export function readChoices(children: ReactNode, group: string | null = null): Choice[] {
  return Children.toArray(children).flatMap((child): Choice[] => {
    if (!isValidElement(child)) return [];
    const { type, props } = child as ReactElement<OptionProps>;
    if (type === Fragment) return readChoices(props.children, group);
    if (type === "optgroup") return readChoices(props.children, props.label ?? null);
    if (type !== "option") throw new Error("a select takes option, optgroup and fragments of these");
    const label = textOf(props.children);
    return [{ value: String(props.value ?? label), label, group, isPlaceholder: props.disabled === true }];
  });
}

/** Those whose words are among what is typed, in their order. */
export function findChoices(choices: readonly Choice[], text: string): Choice[] {
  const wanted = fold(text.trim());
  return choices.filter(({ label, group }) => fold(`${label} ${group ?? ""}`).includes(wanted));
}

/** The next choice after `at` that begins with what is typed; the same one again while more of it is typed. */
export function choiceBeginning(choices: readonly Choice[], text: string, at: number): number | null {
  const wanted = fold(text);
  const first = text.length === 1 ? at + 1 : at;
  for (let step = 0; step < choices.length; step++) {
    const index = (first + step + choices.length) % choices.length;
    if (fold(choices[index]?.label ?? "").startsWith(wanted)) return index;
  }
  return null;
}
