import type { ReactNode } from "react";
import { setLanguage, useLanguage, useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { Icon } from "../../ui/Icon";
import { doorKey, fetchDoor } from "./door";

/** The page outside the door: one card in the middle, and the language. */
export function Gate({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  const t = useWords();
  const of = useLanguage();
  const other = of === "fr" ? "en" : "fr";
  const { data: door } = useQuery(doorKey, fetchDoor);
  return (
    <div className="gate">
      <main className="gate-card">
        <div className="gate-logo" aria-hidden="true">
          <Icon name="home" size={24} />
        </div>
        <h1>{title}</h1>
        {text && <p className="muted">{text}</p>}
        {children}
      </main>
      <footer className="gate-foot">
        <span>{door?.siteName ?? t("app.name")}</span>
        <button type="button" className="link" lang={other} onClick={() => setLanguage(other)}>
          {other === "fr" ? "Français" : "English"}
        </button>
      </footer>
    </div>
  );
}
