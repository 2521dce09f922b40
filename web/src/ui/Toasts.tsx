// Short news at the bottom of the screen, spoken once and politely.
import { useEffect, useState } from "react";
import { type Key, t, useWords, type Values } from "../lib/i18n";
import type { Problem } from "../lib/problem";
import { createStore, useStore } from "../lib/store";
import { whenUndoable } from "../lib/undo";
import { IconButton } from "./Button";
import { Icon } from "./Icon";
import { Context, problemText } from "./States";

interface Toast {
  id: number;
  text: string;
  /** What went wrong, where something did. */
  problem: Problem | null;
  action: { label: string; run: () => void } | null;
}

const toasts = createStore<readonly Toast[]>([]);
let lastId = 0;

const show = (toast: Omit<Toast, "id">): void => {
  const id = ++lastId;
  toasts.set((all) => [...all.filter((each) => each.text !== toast.text).slice(-2), { ...toast, id }]);
};

const drop = (id: number): void => toasts.set((all) => all.filter((toast) => toast.id !== id));

/** Says that something was done, with a way back where there is one. */
export function say(key: Key, values?: Values, undo?: () => void): void {
  show({
    text: t(key, values),
    problem: null,
    action: undo ? { label: t("common.undo"), run: undo } : null,
  });
}

whenUndoable(say);

export function sayProblem(problem: Problem, retry?: () => void): void {
  show({
    text: problemText(problem, t),
    problem,
    action: retry ? { label: t("common.retry"), run: retry } : null,
  });
}

export function Toasts() {
  const all = useStore(toasts);
  return (
    <div className="toasts" role="status" aria-live="polite" aria-atomic="false">
      {all.map((toast) => <ToastView key={toast.id} toast={toast} />)}
    </div>
  );
}

function ToastView({ toast }: { toast: Toast }) {
  const t = useWords();
  const { action } = toast;
  const bad = toast.problem !== null;
  // It does not go away from under the hand or the eye that is on it.
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    // Long enough to read and to reach the button; an error waits longer.
    const timer = setTimeout(() => drop(toast.id), bad ? 12_000 : action ? 9_000 : 5_000);
    return () => clearTimeout(timer);
  }, [toast.id, held]);
  return (
    <div
      className={`toast ${bad ? "bad" : ""}`}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon name={bad ? "warning" : "check"} />
      <div className="toast-text">
        {toast.text}
        {toast.problem && <Context problem={toast.problem} />}
      </div>
      {action && (
        <button
          type="button"
          className="link"
          onClick={() => {
            drop(toast.id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton icon="close" size={14} label={t("common.close")} onClick={() => drop(toast.id)} />
    </div>
  );
}
