import { type CSSProperties, useMemo } from "react";

const [width, height] = [1200, 190];

/** The wavy lines of a seed. */
export function waves(seed: number): string[] {
  const phase = (seed % 360) / 57;
  const length = width * (0.38 + (seed % 7) / 20);
  return Array.from({ length: 12 }, (_, line) => {
    const y = 14 + line * 15;
    let path = `M-10 ${y}`;
    for (let x = -10; x <= width + 40; x += 40) {
      const swing = Math.sin((x / length) * 6.28 + phase + line * 0.22) * 10 * (0.5 + line / 12);
      path += `L${x} ${(y + swing).toFixed(1)}`;
    }
    return path;
  });
}

/** The decoration at the top of a profile, in the member's colour. */
export function Banner({ hue, seed, className = "" }: { hue: number; seed: number; className?: string }) {
  const lines = useMemo(() => waves(seed), [seed]);
  return (
    <div
      className={`profile-banner hued ${className}`}
      style={{ "--hue": `${hue}deg` } as CSSProperties}
      aria-hidden="true"
    >
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="xMidYMid slice" focusable="false">
        {lines.map((path, index) => <path key={index} d={path} className={index % 4 === 2 ? "bright" : ""} />)}
      </svg>
    </div>
  );
}
