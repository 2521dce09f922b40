// The style guide: every component in all its states, in both themes. Built apart; the product holds none of it.
import "../styles/index.css";
import "./styleguide.css";
import { createRoot } from "react-dom/client";
import { learnWords } from "../lib/i18n";
import { Toasts } from "../ui/Toasts";
import { en } from "../words/en";
import { fr } from "../words/fr";
import { en as panelEn } from "../words/panel.en";
import { fr as panelFr } from "../words/panel.fr";
import { en as teamEn } from "../words/team.en";
import { fr as teamFr } from "../words/team.fr";
import { LongList } from "./LongList";
import { Sections } from "./Sections";

learnWords("en", { ...en, ...teamEn, ...panelEn });
learnWords("fr", { ...fr, ...teamFr, ...panelFr });

function Guide() {
  if (location.hash === "#list") return <LongList />;
  return (
    <>
      <header className="guide-head">
        <h1>Foyer: components</h1>
        <a href="#list" onClick={() => setTimeout(() => location.reload())}>A list of 10,000 rows</a>
      </header>
      <main className="guide">
        {(["light", "dark"] as const).map((theme) => (
          <section key={theme} data-theme={theme} className="guide-theme" aria-label={theme}>
            <Sections theme={theme} />
          </section>
        ))}
      </main>
      <Toasts />
    </>
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<Guide />);
