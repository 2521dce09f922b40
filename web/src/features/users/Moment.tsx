import { useWords } from "../../lib/i18n";
import { IconButton } from "../../ui/Button";
import { DateField } from "../../ui/DateField";

/** A moment of the clock on the wall, as the server writes it; null while it is empty or half written. */
export function momentOf(local: string): string | null {
  const at = local ? new Date(local) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
}

/** The same the other way round: to the minute, where the reader is. */
export function localOf(at: string | number | null): string {
  if (at === null) return "";
  const date = new Date(at);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** A date and time among filters: its label stands before it, and it can be emptied. */
export function MomentField(
  { label, value, onChange }: { label: string; value: string; onChange: (value: string) => void },
) {
  const t = useWords();
  return (
    <span className="date-filter">
      <DateField inline withTime label={label} value={value} onChange={(event) => onChange(event.target.value)} />
      {value && <IconButton icon="close" size={14} label={t("why.now")} onClick={() => onChange("")} />}
    </span>
  );
}
