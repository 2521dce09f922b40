// One's own status: chosen at once on screen, then at the server; and whether there is anybody at the keyboard.
import { post } from "../../lib/api";
import { gateway } from "../../lib/live";
import { asProblem } from "../../lib/problem";
import { asNumber, asRaw, asStatus, asText, type Status } from "../../lib/resources";
import { createStore } from "../../lib/store";
import { say, sayProblem } from "../../ui/Toasts";
import { presences } from "./presences";

export interface Chosen {
  status: Status;
  message: string | null;
  emoji: string | null;
  expiresAt: string | null;
}

export const chosen = createStore<Chosen>({ status: "online", message: null, emoji: null, expiresAt: null });

/** One's own status as an answer has it; without a chosen one, what is shown stands for it. */
function readChosen(value: unknown): Chosen {
  const raw = asRaw(value);
  const shown = asStatus(raw["status"]);
  return {
    status: asStatus(raw["chosen_status"]) ?? (shown === null || shown === "offline" ? "online" : shown),
    message: asText(raw["status_message"]),
    emoji: asText(raw["status_emoji"]),
    expiresAt: asText(raw["status_expires_at"]),
  };
}

let me: string | null = null;

export function adopt(user: unknown): void {
  me = asText(asRaw(user)["id"]);
  chosen.set(readChosen(user));
  showConnected();
}

/** Whoever is connected sees themselves so: what was read before the connection stood calls them offline. */
export function showConnected(): void {
  if (me === null || gateway.link.get().state !== "live") return;
  const { status } = chosen.get();
  presences.update(me, (mine) => (mine.status === "offline" ? { ...mine, status, learntAt: Date.now() } : mine));
}

function show(id: string, next: Chosen): void {
  chosen.set(next);
  presences.update(id, (mine) => {
    const status = next.status === "online" && mine.status === "idle" ? "idle" : next.status;
    return { ...mine, status, status_message: next.message, status_emoji: next.emoji };
  });
}

const names = {
  status: "status",
  message: "status_message",
  emoji: "status_emoji",
  expiresAt: "status_expires_at",
} as const;

/** Chooses a status or a message; the former one comes back when the server refuses. Only what changed is sent. */
export async function choose(id: string, change: Partial<Chosen>): Promise<void> {
  const before = chosen.get();
  const shown = presences.get(id);
  show(id, { ...before, ...change });
  try {
    const fields = Object.entries(change).map(([name, value]) => [names[name as keyof Chosen], value]);
    const answer = await post<unknown>("/users/me/status", Object.fromEntries(fields));
    chosen.set(readChosen(answer));
    say("status.saved");
  } catch (error) {
    chosen.set(before);
    if (shown) presences.set(id, shown);
    sayProblem(asProblem(error), () => void choose(id, change));
  }
}

let patience = 5 * 60_000;
const inputs = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

/** Reports that nobody has touched anything for as long as the site says, and that somebody is back; again after each reconnect. */
export function watchInput(): () => void {
  let idle = false;
  let timer = 0;
  let restarted = 0;
  const report = () => gateway.send({ type: "presence.set", idle });
  const rest = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      idle = true;
      report();
    }, patience);
  };
  const onInput = () => {
    const at = Date.now();
    if (idle) {
      idle = false;
      report();
    } else if (at - restarted < 1_000) return;
    restarted = at;
    rest();
  };
  for (const name of inputs) addEventListener(name, onInput, { passive: true, capture: true });
  const unchosen = gateway.on("status.changed", (event) => {
    if (event.topic !== `user:${asText(event["user_id"])}`) return;
    // Chosen in another tab or on another device.
    chosen.set(readChosen({ ...event, chosen_status: event["status"] }));
  });
  const unready = gateway.on(["ready", "resumed"], (event) => {
    const wanted = asNumber(asRaw(asRaw(event["snapshot"])["presence"])["idle_after_ms"]);
    if (wanted !== undefined && wanted !== patience) {
      patience = wanted;
      rest();
    }
    report();
    showConnected();
  });
  rest();
  return () => {
    clearTimeout(timer);
    unchosen();
    unready();
    for (const name of inputs) removeEventListener(name, onInput, { capture: true });
  };
}
