// Formats ratings, lengths and dates.
import { formatNumber, type Language, locale } from "../../lib/i18n";

const tenths = (of: Language) =>
  new Intl.NumberFormat(locale(of), { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Stars are halves of ten: 4.2 of five is shown as 8.4. */
export const outOfTen = (stars: number, of: Language): string => tenths(of).format(stars * 2);

/** A single rating out of ten is a whole number: 4.5 stars are 9. */
export const noteOf = (stars: number, of: Language): string => formatNumber(Math.round(stars * 2), of);

/** 162 min → `2 h 42` in French, `2h 42m` in English; less than an hour in minutes. */
export function lengthOf(minutes: number, of: Language): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${rest}\u00a0min`;
  if (of === "fr") return `${hours}\u00a0h${rest === 0 ? "" : `\u00a0${String(rest).padStart(2, "0")}`}`;
  return rest === 0 ? `${hours}h` : `${hours}h\u00a0${rest}m`;
}

/** `1979-05-25` as a day of the calendar, the same everywhere. */
export function dayOf(date: string, of: Language): string {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return new Intl.DateTimeFormat(locale(of), { dateStyle: "long", timeZone: "UTC" }).format(
    Date.UTC(year, month - 1, day),
  );
}
