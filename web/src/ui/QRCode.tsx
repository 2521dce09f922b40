import { qr } from "../lib/qr";

/** A text as a picture for a camera; nothing for one that is too long. */
export function QRCode({ text, label }: { text: string; label: string }) {
  const modules = qr(text);
  if (!modules) return null;
  // Four modules around it stay light, as readers expect.
  const size = modules.length + 8;
  const path = modules.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path className="qr-light" d={`M0 0h${size}v${size}H0z`} />
      <path className="qr-dark" d={path} />
    </svg>
  );
}
