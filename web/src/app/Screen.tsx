import { lazy, Suspense, useEffect } from "react";
import { useCan } from "../features/accounts/session";
import { Home } from "../features/dashboard/Home";
import { offlineProblem } from "../lib/problem";
import { match, usePlace } from "../lib/router";
import { Skeleton } from "../ui/States";

const unreached = (): never => {
  throw offlineProblem();
};
const fetchPanel = () => import("./Panel");
const Panel = lazy(() => fetchPanel().catch(unreached));
const Settings = lazy(() => import("../features/settings/SettingsPage").catch(unreached));

/** What the address shows: the home at once, the rest as soon as its bundle is here. */
export function Screen() {
  const { path } = usePlace();
  const steers = useCan("presence.read");
  const audits = useCan("audit.read");
  const front = ["/", "/setup", "/join", "/forgot"].includes(path);
  const team = steers || audits;
  useEffect(() => {
    // Whoever runs the site will want it: it is here before the first click.
    if (team) void fetchPanel().catch(() => undefined);
  }, [team]);
  if (path === "/home" || (front && !team)) return <Home />;
  const settings = match("/settings/:tab?", path);
  return (
    <Suspense fallback={<Coming />}>
      {settings ? <Settings tab={settings["tab"] ?? null} /> : <Panel path={front ? "/" : path} />}
    </Suspense>
  );
}

function Coming() {
  return (
    <div className="page">
      <main id="main" className="page-main" tabIndex={-1}>
        <Skeleton />
      </main>
    </div>
  );
}
