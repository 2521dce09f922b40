import { useLanguage, useWords } from "../lib/i18n";
import { useStore } from "../lib/store";
import { exact, now, relative } from "../lib/time";

/** A date: relative within a day, absolute after, exact on hover. */
export function Time({ at }: { at: string | number | null | undefined }) {
  const of = useLanguage();
  const clock = useStore(now);
  const value = typeof at === "string" ? Date.parse(at) : at;
  if (value === null || value === undefined || Number.isNaN(value)) return <span>–</span>;
  return (
    <time dateTime={new Date(value).toISOString()} title={exact(value, of)}>
      {relative(value, value - clock < 60_000 ? Math.max(clock, value) : clock, of)}
    </time>
  );
}

/** When something ends, if it does. */
export function Until({ at }: { at: string | null }) {
  const t = useWords();
  return at
    ? (
      <span>
        {t("keys.until")} <Time at={at} />
      </span>
    )
    : <span>{t("keys.forever")}</span>;
}
