// One's own status: chosen at once on screen, then at the server; and whether there is anybody at the keyboard.
import { post } from "../../lib/api";
import { gateway } from "../../lib/live";
import { asProblem } from "../../lib/problem";
import { asText, readUser, type Status, type User } from "../../lib/resources";
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

export function adopt(user: User): void {
  chosen.set({
    status: user.chosen_status ?? (user.presence.status === "offline" ? "online" : user.presence.status),
    message: user.presence.status_message,
    emoji: user.presence.status_emoji,
    expiresAt: user.status_expires_at,
  });
}

function show(id: string, next: Chosen): void {
  chosen.set(next);
  presences.set((all) => {
    const mine = all[id];
    if (!mine) return all;
    const status = next.status === "online" && mine.status === "idle" ? "idle" : next.status;
    return { ...all, [id]: { ...mine, status, status_message: next.message, status_emoji: next.emoji } };
  });
}

/** Chooses a status; the former one comes back when the server refuses. */
export async function choose(id: string, next: Chosen): Promise<void> {
  const before = chosen.get();
  const shown = presences.get()[id];
  show(id, next);
  try {
    const answer = await post<unknown>("/users/me/status", {
      status: next.status,
      status_message: next.message,
      status_emoji: next.emoji,
      status_expires_at: next.expiresAt,
    });
    const user = readUser(answer);
    if (asText(user.id)) adopt(user);
    say("status.saved");
  } catch (error) {
    chosen.set(before);
    if (shown) presences.set((all) => ({ ...all, [id]: shown }));
    sayProblem(asProblem(error), () => void choose(id, next));
  }
}

const patience = 5 * 60_000;
const inputs = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

/** Reports that nobody has touched anything for five minutes, and that somebody is back; again after each reconnect. */
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
  const unlisten = gateway.listen((event) => {
    if (event.type === "ready") report();
  });
  rest();
  return () => {
    clearTimeout(timer);
    unlisten();
    for (const name of inputs) removeEventListener(name, onInput, { capture: true });
  };
}
