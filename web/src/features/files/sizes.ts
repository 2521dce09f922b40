import { formatNumber, type Words } from "../../lib/i18n";

/** A number of bytes in a unit that fits. */
export function sizeText(bytes: number, t: Words): string {
  const unit = bytes < 1024 ? 0 : Math.min(3, Math.floor(Math.log2(bytes) / 10));
  const number = bytes / 1024 ** unit;
  const rounded = unit === 0 || number >= 100 ? Math.round(number) : Math.round(number * 10) / 10;
  const words = ["files.unit.0", "files.unit.1", "files.unit.2", "files.unit.3"] as const;
  return t(words[unit] ?? "files.unit.0", { number: formatNumber(rounded) });
}
