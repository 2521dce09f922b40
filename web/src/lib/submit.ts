import { type FormEvent, useEffect, useRef, useState } from "react";
import { newKey } from "./api";
import { asProblem, type Problem } from "./problem";

interface Submission {
  busy: boolean;
  /** What came of the last try, until the next. */
  problem: Problem | null;
  submit: (event?: FormEvent) => void;
  forget: () => void;
}

/**
 * One try at a time of what a form sends. The key is for `Idempotency-Key`: the same for the same values while nobody
 * knows whether they arrived, another once the server has refused them or they have changed.
 */
export function useSubmit(values: unknown, send: (key: string) => Promise<void>): Submission {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const tried = useRef({ values: "", key: "" });
  /** The form that was sent, and how often it was refused: its first field with a fault takes the focus. */
  const form = useRef<Element | null>(null);
  const [refusals, setRefusals] = useState(0);
  useEffect(() => {
    if (refusals > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [refusals]);
  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    form.current = event?.currentTarget ?? null;
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const text = JSON.stringify(values);
    if (tried.current.key === "" || tried.current.values !== text) tried.current = { values: text, key: newKey() };
    try {
      await send(tried.current.key);
      tried.current.key = "";
    } catch (error) {
      const found = asProblem(error);
      if (found.status >= 400 && found.status < 500) tried.current.key = "";
      setProblem(found);
      setRefusals((count) => count + 1);
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, submit: (event) => void submit(event), forget: () => setProblem(null) };
}
