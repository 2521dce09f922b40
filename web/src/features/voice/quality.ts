import type { Measured } from "./peer";

export type Quality = "good" | "fair" | "poor";

/** How a call sounds, from what was lost and how long it takes. */
export function qualityOf(before: Measured | null, now: Measured): Quality {
  const lost = now.packets_lost - (before?.packets_lost ?? 0);
  const all = lost + now.packets_received - (before?.packets_received ?? 0);
  const share = all > 0 ? lost / all : 0;
  if (share > 0.08 || now.rtt_ms > 400 || now.jitter_ms > 80) return "poor";
  return share > 0.02 || now.rtt_ms > 200 || now.jitter_ms > 30 ? "fair" : "good";
}
