import { type ReactNode, useEffect, useId, useRef } from "react";
import { useWords } from "../lib/i18n";
import { IconButton } from "./Button";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at the end; the last is the one that does it. */
  actions?: ReactNode;
  width?: "small" | "medium" | "wide";
  bare?: boolean;
}

const fields = "[data-autofocus], input:not([type=checkbox], [aria-hidden]), textarea, [role=combobox]";

/** A modal layer on the platform's own <dialog>: focus stays inside, Esc closes it, focus returns to where it was. */
export function Dialog({ title, onClose, children, actions, width = "medium", bare = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const t = useWords();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    dialog?.querySelector<HTMLElement>(".dialog-body, .palette")?.querySelector<HTMLElement>(fields)?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={`dialog ${width}`}
      aria-labelledby={id}
      onCancel={(event) => {
        if (event.target !== ref.current) return;
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => event.target === ref.current && onClose()}
    >
      <div className="dialog-box">
        <header className={bare ? "hidden" : "dialog-head"}>
          <h2 id={id}>{title}</h2>
          {!bare && <IconButton icon="close" label={t("common.close")} onClick={onClose} />}
        </header>
        <div className={bare ? "" : "dialog-body"}>{children}</div>
        {actions && <footer className="dialog-foot">{actions}</footer>}
      </div>
    </dialog>
  );
}
