import "../styles/index.css";
import { createRoot } from "react-dom/client";
import { language } from "../lib/i18n";
import { gateway, watchWaking } from "../lib/live";
import { retryOffline } from "../lib/query";
import { startRouter } from "../lib/router";
import { startClock } from "../lib/time";
import { startSession } from "../features/accounts/session";
import { watchFocus } from "../ui/refocus";
import { watchSystemTheme } from "../ui/theme";
import { App } from "./App";

const setLang = (): void => {
  document.documentElement.lang = language.get();
};
setLang();
language.subscribe(setLang);
startRouter();
startClock();
watchSystemTheme();
watchWaking();
watchFocus();
gateway.listen((event) => {
  if (event.type === "ready" || event.type === "resumed") retryOffline();
});
startSession();

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
