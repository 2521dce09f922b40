import { useEffect, useMemo } from "react";
import { Part } from "../contract/Part";
import { signInPage } from "../features/accounts/index";
import { access, loadSession } from "../features/accounts/session";
import { useWords } from "../lib/i18n";
import { navigate, usePlace } from "../lib/router";
import { useStore } from "../lib/store";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { LeaveQuestion } from "../ui/LeaveQuestion";
import { ErrorState } from "../ui/States";
import { Toasts } from "../ui/Toasts";
import { useWaiting, Waiting } from "../ui/Waiting";
import { findRoute, redirect } from "./routes";
import { Shell } from "./Shell";

export function App() {
  return (
    <>
      <ErrorBoundary>
        <Frame />
      </ErrorBoundary>
      <LeaveQuestion />
      <Toasts />
      <Waiting />
    </>
  );
}

/** What one sees before one is in, or the app itself; the address stays, so that signing in leads where one wanted to go. */
function Frame() {
  const t = useWords();
  const { state, ...more } = useStore(access);
  const { path, search } = usePlace();
  const isIn = state === "in";
  const found = useMemo(() => findRoute(path), [path]);
  const when = found?.route.space === null ? found.route.when : undefined;
  // Pages for those who are not in yet lead home once one is.
  const to = redirect(path) ?? (isIn && when && when !== "always" ? "/" : null);
  useEffect(() => {
    if (to !== null) navigate(to + search + location.hash, { replace: true, force: true });
  }, [to]);
  useEffect(() => {
    if (!isIn) document.title = t("app.name");
  }, [isIn, t]);
  if (to !== null) return <Splash />;
  const isGate = when === "always" || (when === "notIn" && !isIn) || (when === "out" && state === "out");
  if (found && isGate) return <Part of={found.route.page} props={{ params: found.params }} coming={<Splash />} />;
  switch (state) {
    case "unknown":
      return <Splash />;
    case "unreachable":
      return (
        <main className="gate">
          {"problem" in more && <ErrorState problem={more.problem} onRetry={() => void loadSession()} />}
        </main>
      );
    case "out":
      return <Part of={signInPage} props={{ params: {} }} coming={<Splash />} />;
    case "in":
      return <Shell found={found} path={path} />;
  }
}

function Splash() {
  const t = useWords();
  useWaiting();
  return (
    <div className="splash">
      <span className="brand-mark" aria-hidden="true" />
      <span className="hidden">{t("common.loading")}</span>
    </div>
  );
}
