// Dates: relative within a day, absolute after, exact on hover.
import { type Language, locale } from "./i18n";
import { createStore } from "./store";

/** Ticks every ten seconds while somebody looks, for the dates that say "2 min ago". */
export const now = createStore(Date.now());

export function startClock(): void {
  setInterval(() => {
    if (!document.hidden) now.set(Date.now());
  }, 10_000);
  document.addEventListener("visibilitychange", () => now.set(Date.now()));
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export function relative(at: number, from: number, of: Language): string {
  const delta = at - from;
  const size = Math.abs(delta);
  const words = new Intl.RelativeTimeFormat(locale(of), { numeric: "auto", style: "short" });
  if (size < 45_000) return words.format(0, "second");
  if (size < hour) return words.format(Math.round(delta / minute), "minute");
  if (size < day) return words.format(Math.round(delta / hour), "hour");
  return absolute(at, from, of);
}

export function absolute(at: number, from: number, of: Language): string {
  const sameYear = new Date(at).getFullYear() === new Date(from).getFullYear();
  return new Intl.DateTimeFormat(locale(of), {
    day: "numeric",
    month: "short",
    ...(sameYear ? { hour: "2-digit", minute: "2-digit" } : { year: "numeric" }),
  }).format(at);
}

export const exact = (at: number, of: Language): string =>
  new Intl.DateTimeFormat(locale(of), { dateStyle: "full", timeStyle: "medium" }).format(at);

export function duration(milliseconds: number, of: Language): string {
  const minutes = Math.max(0, Math.floor(milliseconds / minute));
  const unit = (value: number, name: "minute" | "hour" | "day") =>
    new Intl.NumberFormat(locale(of), { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  if (minutes < 60) return unit(minutes, "minute");
  if (minutes < 48 * 60) return unit(Math.floor(minutes / 60), "hour");
  return unit(Math.floor(minutes / 1440), "day");
}
