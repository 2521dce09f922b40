// Short news at the bottom of the screen, spoken once and politely.
import { useEffect } from "react";
import { type Key, t, useWords, type Values } from "../lib/i18n";
import type { Problem } from "../lib/problem";
import { createStore, useStore } from "../lib/store";
import { IconButton } from "./Button";
import { Icon } from "./Icon";
import { problemText, RequestId } from "./States";

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  requestId: string | null;
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
    bad: false,
    requestId: null,
    action: undo ? { label: t("common.undo"), run: undo } : null,
  });
}

export function sayProblem(problem: Problem, retry?: () => void): void {
  show({
    text: problemText(problem, t),
    bad: true,
    requestId: problem.requestId,
    action: retry ? { label: t("common.retry"), run: retry } : null,
  });
}

export function Toasts() {
  const all = useStore(toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {all.map((toast) => <ToastView key={toast.id} toast={toast} />)}
    </div>
  );
}

function ToastView({ toast }: { toast: Toast }) {
  const t = useWords();
  useEffect(() => {
    // Long enough to read and to reach the button; an error waits longer.
    const timer = setTimeout(() => drop(toast.id), toast.bad ? 12_000 : toast.action ? 9_000 : 5_000);
    return () => clearTimeout(timer);
  }, [toast.id]);
  const { action } = toast;
  return (
    <div className={`toast ${toast.bad ? "bad" : ""}`}>
      <Icon name={toast.bad ? "warning" : "check"} />
      <div className="toast-text">
        {toast.text}
        {toast.requestId && <RequestId id={toast.requestId} />}
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
