import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { useWords } from "../lib/i18n";
import { place, usePlace } from "../lib/router";
import { useStore } from "../lib/store";
import { ConnectionIndicator } from "./Connection";
import { besideTitle } from "./title";
import { ErrorBoundary } from "./ErrorBoundary";

interface PageProps {
  title: string;
  /** Before the title: a way back, a mark. */
  before?: ReactNode;
  after?: ReactNode;
  actions?: ReactNode;
  aside?: ReactNode;
  /** In place of the usual head: gets the title and the state of the connection, which it shows. */
  head?: (title: ReactNode, connection: ReactNode) => ReactNode;
  /** Takes the whole height under a bar: what is inside scrolls by itself. */
  fill?: boolean;
  children: ReactNode;
}

const scrolls = new Map<number, number>();
let first = true;

/** One place of the app: title, actions, content that scrolls, and something beside it. */
export function Page({ title, before, after, actions, aside, head, fill = false, children }: PageProps) {
  const t = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const scroller = useRef<HTMLElement>(null);
  const { key: here } = usePlace();
  const beside = useStore(besideTitle);
  useEffect(() => {
    document.title = `${beside ?? title} · ${t("app.name")}`;
  }, [beside, title, t]);
  useEffect(() => {
    // Coming to a new place: its title takes the focus, so that a screen reader says where we are.
    if (!first) heading.current?.focus({ preventScroll: true });
    first = false;
  }, []);
  useLayoutEffect(() => {
    const { by, key } = place.get();
    const kept = scrolls.get(key);
    if (by === "pop" && kept && scroller.current) scroller.current.scrollTop = kept;
  }, []);
  useLayoutEffect(() => {
    const node = scroller.current;
    // Also where nobody scrolled since the address changed.
    return () => {
      if (node) scrolls.set(here, node.scrollTop);
    };
  }, [here]);
  const named = <h1 ref={heading} tabIndex={-1}>{title}</h1>;
  return (
    <div className={`page ${aside ? "with-aside" : ""} ${fill ? "fill" : ""}`}>
      <main
        id="main"
        ref={scroller}
        className="page-main"
        tabIndex={-1}
      >
        {head ? head(named, <ConnectionIndicator />) : (
          <header className="page-head">
            {before}
            {named}
            {after}
            <ConnectionIndicator />
            <div className="page-actions">{actions}</div>
          </header>
        )}
        <ErrorBoundary of={title}>{children}</ErrorBoundary>
      </main>
      {aside && <ErrorBoundary of={aside}>{aside}</ErrorBoundary>}
    </div>
  );
}
