// The theme and the density on the page, without anything else of the app: it runs before the first paint and must stay small.
import { recall } from "../lib/memory";

export type Theme = "system" | "dark" | "light";

export function keptTheme(): Theme {
  const kept = recall("theme");
  return kept === "dark" || kept === "light" ? kept : "system";
}

export type Density = "comfortable" | "compact";

export const keptDensity = (): Density => (recall("density") === "compact" ? "compact" : "comfortable");

export const paintDensity = (wanted: Density): void => {
  document.documentElement.dataset["density"] = wanted;
};

export const systemIsLight = (): MediaQueryList => matchMedia("(prefers-color-scheme: light)");

export function paint(wanted: Theme): void {
  const light = wanted === "system" ? systemIsLight().matches : wanted === "light";
  document.documentElement.dataset["theme"] = light ? "light" : "dark";
}
