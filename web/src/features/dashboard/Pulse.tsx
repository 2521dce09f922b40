import { useEffect, useState } from "react";

const points = 40;
const beat = 3_000;

/** The figure's last two minutes as a line; drawn from what this page has seen, so it starts flat. */
export function Pulse({ value }: { value: number | null }) {
  const [seen, setSeen] = useState<readonly number[]>([]);
  useEffect(() => {
    if (value === null) return;
    // Flat until there is something to tell: what was before this page is not known.
    const note = () =>
      setSeen((before) => (before.length === 0 ? Array(points).fill(value) : [...before.slice(1), value]));
    note();
    const timer = setInterval(note, beat);
    return () => clearInterval(timer);
  }, [value]);
  if (seen.length < 2) return <svg className="spark" aria-hidden="true" viewBox="0 0 200 36" />;
  const least = Math.min(...seen);
  const range = Math.max(4, Math.max(...seen) - least);
  const step = 200 / (points - 1);
  const first = points - seen.length;
  const at = (each: number, index: number) =>
    `${((first + index) * step).toFixed(1)} ${(31 - ((each - least) / range) * 26).toFixed(1)}`;
  const line = `M${seen.map(at).join("L")}`;
  return (
    <svg className="spark" viewBox="0 0 200 36" preserveAspectRatio="none" aria-hidden="true">
      <path className="spark-area" d={`${line}V36H${(first * step).toFixed(1)}z`} />
      <path className="spark-line" d={line} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
