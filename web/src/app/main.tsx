import { createRoot } from "react-dom/client";
import { registered, registerFeatures } from "../contract/feature";
import { startSession } from "../features/accounts/session";
import { addFeatureWords, language, loadLanguage } from "../lib/i18n";
import { gateway, watchWaking } from "../lib/live";
import { hearOfModules } from "../lib/modules";
import { retryOffline } from "../lib/query";
import { place, startRouter } from "../lib/router";
import { startClock } from "../lib/time";
import { watchFocus } from "../ui/refocus";
import { watchSystemTheme } from "../ui/theme";
import { App } from "./App";
import { features } from "./features";
import { findRoute, redirect } from "./routes";

const setLang = (): void => {
  document.documentElement.lang = language.get();
};

registerFeatures(features);
addFeatureWords(features.flatMap(({ words }) => words ?? []));
const words = loadLanguage(language.get());
setLang();
language.subscribe(setLang);
startRouter();
startClock();
watchSystemTheme();
watchWaking();
watchFocus();
gateway.on(["ready", "resumed"], retryOffline);
gateway.on("ready", hearOfModules);
for (const { events } of registered()) {
  for (const [type, hear] of Object.entries(events ?? {})) gateway.on(type, hear);
}
startSession();
// The page of the address is fetched beside the session, not after it.
const here = place.get().path;
void findRoute(redirect(here) ?? here)?.route.page.fetch();

// Where the browser has none, or the page came over plain HTTP, the app does without.
addEventListener("load", () => void navigator.serviceWorker?.register("/sw.js").catch(() => undefined));

const root = document.getElementById("root");
const show = () => root && createRoot(root).render(<App />);
words.then(show, show);
