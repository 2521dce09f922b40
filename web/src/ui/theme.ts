// Dark, light, or as the system says; kept on this device.
import { recall, remember } from "../lib/memory";
import { createStore } from "../lib/store";

export type Theme = "system" | "dark" | "light";

const kept = recall("theme");
export const theme = createStore<Theme>(kept === "dark" || kept === "light" ? kept : "system");

const systemIsLight = () => matchMedia("(prefers-color-scheme: light)");

export function applyTheme(): void {
  const wanted = theme.get();
  const light = wanted === "system" ? systemIsLight().matches : wanted === "light";
  document.documentElement.dataset["theme"] = light ? "light" : "dark";
}

export function setTheme(next: Theme): void {
  remember("theme", next === "system" ? null : next);
  theme.set(next);
  applyTheme();
}

export const watchSystemTheme = (): void => systemIsLight().addEventListener("change", applyTheme);
