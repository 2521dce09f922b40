import { Component, type ReactNode, useEffect } from "react";
import { Forgot, Reset } from "../features/accounts/Forgot";
import { Join } from "../features/accounts/Join";
import { SetUp } from "../features/accounts/SetUp";
import { SignIn } from "../features/accounts/SignIn";
import { access, loadSession } from "../features/accounts/session";
import { Verify } from "../features/accounts/Verify";
import { useWords } from "../lib/i18n";
import { asProblem, type Problem } from "../lib/problem";
import { usePlace } from "../lib/router";
import { useStore } from "../lib/store";
import { ErrorState } from "../ui/States";
import { Toasts } from "../ui/Toasts";
import { Shell } from "./Shell";

export function App() {
  return (
    <Net>
      <Door />
      <Toasts />
    </Net>
  );
}

/** Set-up, sign-in, or the app itself; the address stays, so that signing in leads where one wanted to go. */
function Door() {
  const t = useWords();
  const state = useStore(access);
  const { path } = usePlace();
  useEffect(() => {
    if (state.state !== "in") document.title = t("app.name");
  }, [state.state, t]);
  if (path === "/setup" && state.state !== "in") return <SetUp />;
  if (path === "/join" && state.state === "out") return <Join />;
  if (path === "/forgot" && state.state === "out") return <Forgot />;
  if (path === "/verify") return <Verify />;
  if (path === "/reset") return <Reset />;
  switch (state.state) {
    case "unknown":
      return (
        <div className="splash" role="status">
          <span className="hidden">{t("common.loading")}</span>
        </div>
      );
    case "unreachable":
      return (
        <main className="gate">
          <ErrorState problem={state.problem} onRetry={() => void loadSession()} />
        </main>
      );
    case "out":
      return <SignIn />;
    case "in":
      return <Shell />;
  }
}

/** Our own mistakes: the screen says so and offers a way out instead of going white. */
class Net extends Component<{ children: ReactNode }, { problem: Problem | null }> {
  override state: { problem: Problem | null } = { problem: null };

  static getDerivedStateFromError(error: unknown) {
    return { problem: asProblem(error) };
  }

  override render() {
    if (!this.state.problem) return this.props.children;
    return (
      <main className="gate">
        <ErrorState problem={this.state.problem} onRetry={() => location.reload()} />
      </main>
    );
  }
}
