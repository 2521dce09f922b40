// When to try again: capped exponential growth with full jitter, so that a thousand clients do not return together.

export const firstDelay = 500;
export const longestDelay = 30_000;

/**
 * The wait before attempt `attempt` (0 for the first retry), spread over the whole of its window; behind what the server asked for, in ms, and then
 * spread over half as long again at least.
 */
export function backoff(attempt: number, random: () => number = Math.random, notWithin = 0): number {
  const window = Math.min(longestDelay, firstDelay * 2 ** Math.min(attempt, 16));
  return Math.round(notWithin + Math.max(window, notWithin / 2) * random());
}

/** What a close code asks of us (the contract: 4000–4499 come back, 4500–4999 do not). */
export function afterClose(code: number): "return" | "renew" | "stop" {
  if (code === 4401) return "renew";
  return code >= 4500 && code <= 4999 ? "stop" : "return";
}
