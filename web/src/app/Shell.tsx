import { useEffect, useState } from "react";
import { NewRules } from "../features/accounts/NewRules";
import { useSession } from "../features/accounts/session";
import { watchInput } from "../features/presence/own";
import { followRoles } from "../features/roles/roles";
import { followPeople } from "../features/users/people";
import { useWords } from "../lib/i18n";
import { covers } from "../lib/permissions";
import { usePlace } from "../lib/router";
import { ConnectionBanner } from "../ui/Connection";
import { Link } from "../ui/Link";
import { Icon } from "../ui/Icon";
import { Palette } from "./Palette";
import { isAt, type PlaceOf, places } from "./places";
import { Screen } from "./Screen";
import { Shortcuts, useShortcuts } from "./Shortcuts";
import { MePanel, MeTab } from "./Me";

export function usePlaces(): PlaceOf[] {
  const { permissions } = useSession();
  return places.filter((each) => each.needs.length === 0 || each.needs.some((key) => covers(permissions, key)));
}

export function Shell() {
  const t = useWords();
  const { user, permissions } = useSession();
  const [layer, setLayer] = useState<"palette" | "shortcuts" | null>(null);
  const mine = usePlaces();
  useShortcuts(mine, setLayer);
  useEffect(() => watchInput(), [user.id]);
  const seesRoles = covers(permissions, "roles.read");
  useEffect(() => followRoles(seesRoles), [user.id, seesRoles]);
  const seesPeople = covers(permissions, "users.read");
  useEffect(() => followPeople(seesPeople), [user.id, seesPeople]);
  return (
    <div className="app">
      <a className="skip" href="#main">{t("nav.skip")}</a>
      <Sidebar mine={mine} open={setLayer} />
      <div className="stage">
        <ConnectionBanner />
        <NewRules />
        <Screen />
      </div>
      <BottomBar mine={mine} />
      {layer === "palette" && <Palette places={mine} onClose={() => setLayer(null)} />}
      {layer === "shortcuts" && <Shortcuts places={mine} onClose={() => setLayer(null)} />}
    </div>
  );
}

function Sidebar({ mine, open }: { mine: PlaceOf[]; open: (layer: "palette" | "shortcuts") => void }) {
  const t = useWords();
  const { path } = usePlace();
  const sections = [...new Set(mine.map((each) => each.section))];
  return (
    <nav className="side" aria-label={t("nav.label")}>
      <Link href="/" className="brand">
        <span className="brand-mark" aria-hidden="true">
          <Icon name="home" size={18} />
        </span>
        <span className="brand-name">{t("app.name")}</span>
      </Link>
      <button type="button" className="search-button" onClick={() => open("palette")}>
        <Icon name="search" />
        <span className="side-text">{t("nav.search")}</span>
        <kbd className="side-text" aria-hidden="true">Ctrl K</kbd>
      </button>
      <div className="side-places">
        {sections.map((section) => (
          <div key={section} className="side-section">
            <h2 className="side-text">{t(section)}</h2>
            <ul role="list">
              {mine.filter((each) => each.section === section).map((each) => (
                <li key={each.id}>
                  <Link
                    href={each.path}
                    className="side-link"
                    title={t(each.label)}
                    aria-current={isAt(each.path, path) ? "page" : undefined}
                  >
                    <Icon name={each.icon} />
                    <span className="side-text">{t(each.label)}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      <MePanel onShortcuts={() => open("shortcuts")} />
    </nav>
  );
}

function BottomBar({ mine }: { mine: PlaceOf[] }) {
  const t = useWords();
  const { path } = usePlace();
  const all = mine.filter((each) => each.id !== "settings");
  const shown = all.slice(0, 5);
  return (
    <nav className="bottom" aria-label={t("nav.label")}>
      {shown.map((each) => (
        <Link
          key={each.id}
          href={each.path}
          className="bottom-link"
          aria-current={isAt(each.path, path) ? "page" : undefined}
        >
          <Icon name={each.icon} size={20} />
          <span>{t(each.short)}</span>
        </Link>
      ))}
      <MeTab more={all.slice(5)} />
    </nav>
  );
}
