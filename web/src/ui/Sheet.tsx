import { type ReactNode, useEffect, useRef } from "react";

/** What stands beside a list; on narrow screens it covers it. Focus enters with it and returns when it goes. */
export function Sheet({ label, children }: { label: string; children: ReactNode }) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside ref={ref} className="sheet" aria-label={label} tabIndex={-1}>
      {children}
    </aside>
  );
}
