// A form: one draft with a guard, limits that are checked before sending, and the focus on the first error.
import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import { useDirtyGuard } from "./drafts";
import type { Problem } from "./problem";
import { useSubmit } from "./submit";

export type Fields = Record<string, unknown>;

/** What is wrong with a value, in the reader's words; null when nothing is. */
export type Rule<T, V> = (value: V, all: T) => string | null;

export interface FormOptions<T extends Fields> {
  /** What the server has. Each field follows it while it is not changed. */
  saved: T;
  rules?: { [K in keyof T]?: Rule<T, T[K]> };
  send: (values: T, key: string) => Promise<void>;
  /** False for forms that lose nothing worth asking about, as a search. */
  guards?: boolean;
}

export interface Bound<V> {
  name: string;
  value: V;
  fault: string | undefined;
  set: (value: V) => void;
  /** For text fields. */
  onChange: (event: { target: { value: string } }) => void;
}

export interface Form<T extends Fields> {
  ref: RefObject<HTMLFormElement>;
  values: T;
  set: (change: Partial<T>) => void;
  field: <K extends keyof T & string>(name: K) => Bound<T[K]>;
  isDirty: boolean;
  busy: boolean;
  /** What came of the last try, until a field is changed. */
  problem: Problem | null;
  /** Names of the fields that are wrong now. */
  faulty: readonly string[];
  submit: (event?: FormEvent) => void;
  reset: () => void;
}

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The faults of a form's values by its rules. */
export function check<T extends Fields>(values: T, rules: FormOptions<T>["rules"] = {}): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of Object.keys(rules)) {
    const fault = rules[name as keyof T]?.(values[name] as T[keyof T], values) ?? null;
    if (fault !== null) found[name] = fault;
  }
  return found;
}

/** The values of a form when the server has others: what is changed stays, the rest follows. */
export function follow<T extends Fields>(values: T, base: T, saved: T): T {
  const kept = Object.keys(values).filter((name) => !same(values[name], base[name]));
  return { ...saved, ...Object.fromEntries(kept.map((name) => [name, values[name]])) };
}

export function useForm<T extends Fields>({ saved, rules, send, guards = true }: FormOptions<T>): Form<T> {
  const ref = useRef<HTMLFormElement>(null);
  const [base, setBase] = useState(saved);
  const [values, setValues] = useState(saved);
  /** The values that were last refused: a fault goes once its field is another. */
  const [refused, setRefused] = useState<T | null>(null);
  const [tries, setTries] = useState(0);
  const done = useRef(false);
  const isDirty = !same(values, base);
  const reset = () => {
    setBase(saved);
    setValues(saved);
    setRefused(null);
  };
  useEffect(() => {
    if (same(saved, base)) return;
    setBase(saved);
    setValues(follow(values, base, saved));
  }, [JSON.stringify(saved)]);
  useDirtyGuard(guards && isDirty && !done.current, reset);
  const sending = useSubmit(values, async (key) => {
    setRefused(values);
    // What leads away from the form once it is sent leaves nothing behind.
    done.current = true;
    try {
      await send(values, key);
      setBase(values);
      setRefused(null);
    } catch (error) {
      setTries((count) => count + 1);
      throw error;
    } finally {
      done.current = false;
    }
  });
  const own = check(values, rules);
  const faultOf = (name: string): string | undefined => {
    if (!refused) return undefined;
    if (own[name]) return own[name];
    return same(values[name], refused[name]) ? sending.problem?.fault(name) : undefined;
  };
  useEffect(() => {
    if (tries > 0) ref.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [tries]);
  const set = (change: Partial<T>) => setValues((now) => ({ ...now, ...change }));
  return {
    ref,
    values,
    set,
    field: (name) => ({
      name,
      value: values[name],
      fault: faultOf(name),
      set: (value) => set({ [name]: value } as unknown as Partial<T>),
      onChange: (event) => set({ [name]: event.target.value } as unknown as Partial<T>),
    }),
    isDirty,
    busy: sending.busy,
    problem: refused && same(values, refused) ? sending.problem : null,
    faulty: Object.keys(values).filter((name) => faultOf(name) !== undefined),
    submit: (event) => {
      event?.preventDefault();
      if (Object.keys(own).length === 0) return sending.submit(event);
      sending.forget();
      setRefused(values);
      setTries((count) => count + 1);
    },
    reset: () => {
      sending.forget();
      reset();
    },
  };
}
