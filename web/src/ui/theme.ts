// How the app looks on this device: dark, light or as the system says; with more or less room.
import { remember } from "../lib/memory";
import { createStore } from "../lib/store";
import { type Density, keptDensity, keptTheme, paint, paintDensity, systemIsLight, type Theme } from "./paint";

export type { Theme };

export const theme = createStore<Theme>(keptTheme());

export function setTheme(next: Theme): void {
  remember("theme", next === "system" ? null : next);
  theme.set(next);
  paint(next);
}

export const density = createStore<Density>(keptDensity());

export function setDensity(next: Density): void {
  remember("density", next === "comfortable" ? null : next);
  density.set(next);
  paintDensity(next);
}

export const watchSystemTheme = (): void => systemIsLight().addEventListener("change", () => paint(theme.get()));
