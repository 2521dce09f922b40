import { Fragment, useEffect, useReducer, useRef, useState } from "react";
import { all, type Badge, type Place, present, registered, type Space } from "../contract/feature";
import type { Lazy } from "../contract/page";
import { Part, Slot } from "../contract/Part";
import { NewRules } from "../features/accounts/NewRules";
import { useSession } from "../features/accounts/session";
import { calm } from "../lib/calm";
import { type Key, useWords } from "../lib/i18n";
import { modulesOn } from "../lib/modules";
import { usePlace } from "../lib/router";
import { useStore } from "../lib/store";
import { ConnectionBanner } from "../ui/Connection";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { useMedia } from "../ui/useMedia";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { entryOf, expected, type Navigation, placeAt, useNavigation } from "./navigation";
import { MePanel, MeTab } from "./Me";
import { Palette } from "./Palette";
import { Pane } from "./Pane";
import type { Found } from "./routes";
import { Shortcuts, useShortcuts } from "./Shortcuts";

type Layer = "palette" | "shortcuts";

/** The frame: spaces, places, the page, and what goes on whatever page is open. */
export function Shell({ found, path }: { found: Found | null; path: string }) {
  const t = useWords();
  const { user, permissions } = useSession();
  const [layer, setLayer] = useState<Layer | null>(null);
  const navigation = useNavigation();
  const modules = useStore(modulesOn);
  const { search } = usePlace();
  const narrow = found?.route.narrow;
  const stands = typeof narrow === "function" ? narrow(new URLSearchParams(search)) : narrow;
  const isPhone = useMedia("(max-width: 720px)");
  // On a phone the places of a space are a page of their own.
  const isPlaces = isPhone && stands === "places";
  const space = found?.route.space ?? "home";
  useShortcuts(navigation.places, setLayer);
  const held = permissions.join();
  useEffect(() => {
    const ends = present(modules ?? []).flatMap((feature) =>
      feature.whileSignedIn?.({ id: user.id, permissions }) ?? []
    );
    return () => ends.forEach((end) => end());
  }, [user.id, held, modules]);
  useEffect(() => {
    // What a space shows first is here before the first click, but not before this page is whole, nor where bytes are dear.
    let timer = 0;
    const fetchEntries = () => {
      const entries = navigation.spaces.map((each) => entryOf(navigation.places, each.id));
      for (const route of all("routes")) if (entries.includes(route.path)) void route.page.fetch();
    };
    const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
    if (!connection?.saveData) void calm().then(() => timer = window.setTimeout(fetchEntries, 4_000));
    return () => clearTimeout(timer);
  }, [held]);
  return (
    <div
      className="app"
      data-narrow={stands}
    >
      <a className="skip" href="#main">{t("nav.skip")}</a>
      <Rail navigation={navigation} space={space} />
      <ErrorBoundary>
        <Sidebar navigation={navigation} space={space} path={path} open={setLayer} isPage={isPlaces} />
      </ErrorBoundary>
      <div className="stage">
        <ConnectionBanner />
        <NewRules />
        <Notices />
        {!isPlaces && <Pane found={found} path={path} />}
      </div>
      <BottomBar navigation={navigation} space={space} path={path} open={setLayer} />
      <ErrorBoundary of={layer}>
        {layer === "palette" && <Palette places={navigation.places} onClose={() => setLayer(null)} />}
        {layer === "shortcuts" && <Shortcuts places={navigation.places} onClose={() => setLayer(null)} />}
      </ErrorBoundary>
    </div>
  );
}

/** What features have to say above every page; fetched once that page is whole. */
function Notices() {
  const modules = useStore(modulesOn);
  const [isCalm, setCalm] = useState(false);
  useEffect(() => void calm().then(() => setCalm(true)), []);
  if (!isCalm) return null;
  return (
    <>
      {present(modules ?? []).map(({ name, notice }) =>
        notice && <Part key={name} of={notice} props={{}} coming={null} around={() => null} />
      )}
    </>
  );
}

interface SpacesProps {
  navigation: Navigation;
  space: string;
}

function SpaceLink({ of, places, current, look }: { of: Space; places: Place[]; current: boolean; look: string }) {
  const t = useWords();
  return (
    <Link href={entryOf(places, of.id)} className={look} aria-current={current ? "true" : undefined}>
      <Icon name={of.icon} size={20} />
      <span>{t(of.label)}</span>
      <SpaceBadge of={of.id} />
    </Link>
  );
}

/** What waits in a space, of all features; `@` where these are mentions. */
function SpaceBadge({ of }: { of: string }) {
  const t = useWords();
  const modules = useStore(modulesOn);
  const [, again] = useReducer((turn: number) => turn + 1, 0);
  const stores = present(modules ?? []).flatMap(({ badges }) => badges?.[of] ?? []);
  useEffect(() => {
    const leaves = stores.map((store) => store.subscribe(again));
    return () => leaves.forEach((leave) => leave());
  }, [of, modules]);
  const badges: Badge[] = stores.map((store) => store.get());
  const count = badges.reduce((sum, badge) => sum + badge.count, 0);
  if (count === 0) return null;
  const text = `${badges.some(({ mentions }) => mentions) ? "@" : ""}${count > 99 ? "99+" : count}`;
  return (
    <>
      <span className="pill num" aria-hidden="true">{text}</span>
      <span className="hidden">{t("nav.waiting", { count })}</span>
    </>
  );
}

function Rail({ navigation: { spaces, places }, space }: SpacesProps) {
  const t = useWords();
  const modules = useStore(modulesOn);
  return (
    <nav className="rail" aria-label={t("nav.spaces")}>
      <Link href="/" className="brand-mark" aria-label={t("app.name")} title={t("app.name")}>
        <Icon name="home" size={20} />
      </Link>
      {spaces.map((each) => (
        <SpaceLink key={each.id} of={each} places={places} current={each.id === space} look="rail-link" />
      ))}
      <div className="rail-foot">
        {present(modules ?? []).map(({ name, rail }) =>
          rail && <Part key={name} of={rail} props={{}} coming={null} around={() => null} />
        )}
      </div>
    </nav>
  );
}

interface SidebarProps extends SpacesProps {
  path: string;
  open: (layer: Layer) => void;
}

function Sidebar(
  { navigation: { spaces, places }, space, path, open, isPage }: SidebarProps & { isPage: boolean },
) {
  const t = useWords();
  const modules = useStore(modulesOn);
  const mine = places.filter((each) => each.space === space);
  const sections = [...new Set(mine.map((each) => each.section))];
  const label = spaces.find((each) => each.id === space)?.label ?? "app.name";
  const current = placeAt(mine, path);
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Where the places are a row, the one that is open is to be seen whole.
    void row.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current?.id]);
  const Tag = isPage ? "main" : "nav";
  const title = current?.tab?.label ?? label;
  useEffect(() => {
    if (isPage) document.title = `${t(title)} · ${t("app.name")}`;
  }, [isPage, title, t]);
  const show = (section: Key | undefined) => (
    <div key={section ?? ""} className="side-section">
      {section && <h2 className="side-text">{t(section)}</h2>}
      <ul role="list">
        {mine.filter((each) => each.section === section && !each.unlisted).map((each) => (
          <li key={each.id}>
            <PlaceLink place={each} current={each === current && (!each.exact || each.path === path)} />
          </li>
        ))}
      </ul>
    </div>
  );
  return (
    <Tag
      className="side"
      data-row={mine.length > 2}
      data-lists={expected(modules).some(({ lists }) => lists?.[space])}
      {...(isPage ? { id: "main", tabIndex: -1 } : { "aria-label": t("nav.label") })}
    >
      <div className="side-top side-text">
        {isPage
          ? (
            <>
              <h1 className="grow">{t(title)}</h1>
              <Slot name="head.narrow" />
            </>
          )
          : t(label)}
      </div>
      <button type="button" className="search-button" aria-label={t("nav.search")} onClick={() => open("palette")}>
        <Icon name="search" />
        <span className="side-text">{t("nav.search")}</span>
        <kbd className="side-text" aria-hidden="true">Ctrl K</kbd>
      </button>
      <div className="side-places" ref={row}>
        {sections.filter((section) => section === undefined).map(show)}
        <div className="side-lists">
          {present(modules ?? []).map(({ name, lists }) =>
            lists?.[space] && (
              <Part key={name} of={lists[space] as Lazy<{ path: string }>} props={{ path }} coming={null} />
            )
          )}
        </div>
        {sections.filter((section) => section !== undefined).map(show)}
      </div>
      {registered().map(({ name, dock: Dock }) => Dock && <Dock key={name} />)}
      <MePanel onShortcuts={() => open("shortcuts")} />
    </Tag>
  );
}

const noCount = () => null;

function PlaceLink({ place, current }: { place: Place; current: boolean }) {
  const t = useWords();
  const useCount = place.useCount ?? noCount;
  const count = useCount();
  return (
    <Link
      href={place.path}
      className="side-link"
      title={t(place.label)}
      aria-current={current ? "page" : undefined}
    >
      <Icon name={place.icon} />
      <span className="side-text">{t(place.label)}</span>
      {count !== null && count > 0 && <span className="pill num">{count}</span>}
    </Link>
  );
}

/** The spaces on a phone; the places of the one that is open stand above the page. */
function BottomBar({ navigation: { spaces, places }, space, path, open }: SidebarProps) {
  const t = useWords();
  const tab = placeAt(places.filter((each) => each.tab), path);
  return (
    <nav className="bottom" aria-label={t("nav.spaces")}>
      {spaces.map((each) => (
        <Fragment key={each.id}>
          <SpaceLink of={each} places={places} current={each.id === space && tab === null} look="bottom-link" />
          {places.filter((place) => place.space === each.id && place.tab).map((place) => (
            <Link
              key={place.id}
              href={place.path}
              className="bottom-link"
              aria-current={place === tab ? "true" : undefined}
            >
              {place.tab && <Icon name={place.tab.icon} size={20} />}
              <span>{place.tab && t(place.tab.label)}</span>
              <SpaceBadge of={place.id} />
            </Link>
          ))}
        </Fragment>
      ))}
      <button type="button" className="bottom-link" onClick={() => open("palette")}>
        <Icon name="search" size={20} />
        <span>{t("nav.find")}</span>
      </button>
      <MeTab />
    </nav>
  );
}
