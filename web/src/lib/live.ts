// The app's gateway: the machine of gateway.ts in a browser's surroundings.
import { csrfHeaders, whenTimedOut } from "./api";
import { PollSocket, StreamSocket } from "./carriers";
import { Gateway, type Socket } from "./gateway";
import type { Way } from "./ways";

let renew: () => Promise<boolean> = () => Promise.resolve(false);
let ended: (code: number) => void = () => undefined;

function open(way: Way): Socket {
  const requests = { fetch: (path: string, options: RequestInit) => fetch(path, options), headers: csrfHeaders };
  if (way === "stream") return new StreamSocket(requests);
  if (way === "poll") return new PollSocket(requests);
  return new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/gateway`) as Socket;
}

export const gateway = new Gateway({
  open,
  now: () => Date.now(),
  later: (run, milliseconds) => setTimeout(run, milliseconds) as unknown as number,
  cancel: (timer) => clearTimeout(timer),
  random: Math.random,
  renew: () => renew(),
  ended: (code) => ended(code),
});

whenTimedOut(() => gateway.probe());

/** Events may have been missed for good: whoever keeps what events change reads it again. */
export const whenMissed = (listener: () => void): () => void =>
  gateway.on(["ready", "resync"], ({ type, topic }) => {
    if (type === "ready" || topic === undefined || topic.startsWith("user:")) listener();
  });

export function startLive(callbacks: { renew: () => Promise<boolean>; ended: (code: number) => void }): void {
  renew = callbacks.renew;
  ended = callbacks.ended;
}

/** A laptop that wakes, a network that returns: ask at once instead of waiting for the next beat. */
export function watchWaking(): void {
  addEventListener("online", () => gateway.retryNow());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) gateway.probe();
  });
}

/** After how long, in ms, a first read no longer waits for what it is followed by. */
const patience = 1_000;

/**
 * Reads what a topic tells of: once it is followed, so that nothing is missed between the two, and again when it starts over. A connection
 * that takes long does not hold up the first read.
 */
export function readFollowing(topic: string, read: () => void): () => void {
  const timer = setTimeout(read, patience);
  const leave = gateway.subscribe(topic, () => {
    clearTimeout(timer);
    read();
  });
  return () => {
    clearTimeout(timer);
    leave();
  };
}
