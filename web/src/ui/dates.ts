// Days as `2026-01-31` and moments of the clock on the wall as `2026-01-31T14:30`: written, read and counted without a time zone.
import { type Language, locale } from "../lib/i18n";

const pad = (value: number, digits = 2): string => String(value).padStart(digits, "0");
const utc = (day: string): Date => new Date(`${day.slice(0, 10)}T00:00:00Z`);
const isoOf = (date: Date): string => date.toISOString().slice(0, 10);

/** Today where the reader is. */
export function today(now = new Date()): string {
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

export function addDays(day: string, count: number): string {
  const date = utc(day);
  date.setUTCDate(date.getUTCDate() + count);
  return isoOf(date);
}

/** The same day of another month, or its last one where that month is shorter. */
export function addMonths(day: string, count: number): string {
  const date = utc(day);
  const wanted = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(wanted, last));
  return isoOf(date);
}

/** The weeks that a month has days of, from Monday. */
export function weeksOf(day: string): string[][] {
  const first = `${day.slice(0, 7)}-01`;
  let at = addDays(first, -((utc(first).getUTCDay() + 6) % 7));
  const weeks: string[][] = [];
  while (weeks.length === 0 || at.slice(0, 7) === day.slice(0, 7)) {
    const monday = at;
    weeks.push(Array.from({ length: 7 }, (_, index) => addDays(monday, index)));
    at = addDays(at, 7);
  }
  return weeks;
}

/** As the readers of a language write it: 31/01/2026, with the time where there is one. */
export function formatDay(value: string, of: Language): string {
  if (value === "") return "";
  const words = new Intl.DateTimeFormat(locale(of), {
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    timeZone: "UTC",
  });
  const time = value.slice(11).replace(/^(\d\d:\d\d):00$/, "$1");
  return words.format(utc(value)) + (time ? ` ${time}` : "");
}

/** What somebody typed, as a day or a moment; null where it is none. The day comes first, as both languages have it, or the year. */
export function parseDay(text: string, withTime = false): string | null {
  const found =
    /^(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}))(?:[ T,]+(\d{1,2})[:h](\d{2})(?::(\d{2}))?)?$/
      .exec(
        text.trim(),
      );
  if (!found) return null;
  const [year, month, date] = [found[1] ?? found[6], found[2] ?? found[5], found[3] ?? found[4]].map(Number);
  const day = `${pad(year ?? 0, 4)}-${pad(month ?? 0)}-${pad(date ?? 0)}`;
  const parsed = utc(day);
  if (Number.isNaN(parsed.getTime()) || isoOf(parsed) !== day) return null;
  if (!withTime) return found[7] === undefined ? day : null;
  const [hours, minutes, seconds] = [found[7], found[8], found[9]].map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
  ];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  return `${day}T${pad(hours)}:${pad(minutes)}${seconds > 0 ? `:${pad(seconds)}` : ""}`;
}
