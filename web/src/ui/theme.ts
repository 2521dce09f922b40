// Dark, light, or as the system says; kept on this device.
import { remember } from "../lib/memory";
import { createStore } from "../lib/store";
import { keptTheme, paint, systemIsLight, type Theme } from "./paint";

export type { Theme };

export const theme = createStore<Theme>(keptTheme());

export function setTheme(next: Theme): void {
  remember("theme", next === "system" ? null : next);
  theme.set(next);
  paint(next);
}

export const watchSystemTheme = (): void => systemIsLight().addEventListener("change", () => paint(theme.get()));
