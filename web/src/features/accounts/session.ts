// Who is signed in on this browser, and what they may do.
import { get, post, setCsrf, whenSignedOut } from "../../lib/api";
import type { GatewayEvent } from "../../lib/gateway";
import { gateway, startLive } from "../../lib/live";
import { covers } from "../../lib/permissions";
import { asProblem, type Problem } from "../../lib/problem";
import { forgetAll } from "../../lib/query";
import { asKeys, asRaw, asText, readUser, type User } from "../../lib/resources";
import { createStore, useStore } from "../../lib/store";
import { sayProblem } from "../../ui/Toasts";
import { adopt } from "../presence/own";
import { seed } from "../presence/presences";
import { adoptLanguage } from "./language";

export interface Session {
  user: User;
  permissions: readonly string[];
  id: string | null;
  /** The version of the site's rules that waits to be accepted. */
  rules: number | null;
}

export type Access =
  | { state: "unknown" }
  | { state: "unreachable"; problem: Problem }
  | { state: "out"; notice: "ended" | "revoked" | null }
  | { state: "in"; session: Session };

export const access = createStore<Access>({ state: "unknown" });

let lastUser: string | null = null;
/** Of the questions who is signed in: how many were asked, and the last that was answered. */
const turns = { asked: 0, answered: 0 };

const cookieMode = { "X-Foyer-Session": "cookie" };

export async function loadSession(): Promise<boolean> {
  const askedAt = Date.now();
  const turn = ++turns.asked;
  try {
    const answer = asRaw(await get<unknown>("/auth/session"));
    // An answer that a later one has overtaken is older than what is shown.
    if (turn < turns.answered) return access.get().state === "in";
    turns.answered = turn;
    const user = readUser(answer["user"]);
    setCsrf(asText(answer["csrf"]) ?? asText(answer["csrf_token"]));
    seed(user.id, user.presence, askedAt);
    adopt(answer["user"]);
    // Another person on the same page: start from nothing, so that none of the former one's data stays.
    if (lastUser !== null && lastUser !== user.id) location.reload();
    lastUser = user.id;
    const rules = typeof answer["rules_to_accept"] === "number" ? answer["rules_to_accept"] : null;
    adoptLanguage(user.id, user.locale, answer["language_chosen"] === true);
    const session = { user, permissions: asKeys(answer["permissions"]), id: asText(answer["session_id"]), rules };
    access.set({ state: "in", session });
    gateway.start();
    return true;
  } catch (error) {
    const problem = asProblem(error);
    if (problem.status === 401) leave(null);
    else if (access.get().state !== "in") access.set({ state: "unreachable", problem });
    return access.get().state === "in";
  }
}

/** The session ends on its owner's word: the page begins again, and shows nothing else before. */
let departing = false;

/** Forgets everything of the person who was here. */
function leave(notice: "ended" | "revoked" | null): void {
  if (departing) return;
  gateway.stop();
  setCsrf(null);
  forgetAll();
  const before = access.get();
  access.set({
    state: "out",
    notice: notice ?? (before.state === "in" ? "ended" : before.state === "out" ? before.notice : null),
  });
}

/** `factor`: nothing until the server has asked for one, then a code or what the browser gives of a passkey. */
export async function signIn(
  login: string,
  password: string,
  factor: { otp?: string; passkey?: unknown },
): Promise<void> {
  const who = login.includes("@") ? { email: login } : { username: login };
  await post("/auth/login", { ...who, password, ...factor }, { headers: cookieMode });
  await loadSession();
}

export async function signInWithPasskey(credential: unknown): Promise<void> {
  await post("/auth/passkey", { credential }, { headers: cookieMode });
  await loadSession();
}

export async function claimSetup(
  owner: { token: string; username: string; email: string; password: string },
): Promise<void> {
  await post("/auth/setup", owner, { headers: cookieMode });
  await loadSession();
}

/** Ends the session by what is sent, and begins again with a page that knows nothing of it. */
export async function depart(send: () => Promise<unknown>): Promise<void> {
  departing = true;
  try {
    await send();
  } catch (error) {
    departing = false;
    void loadSession();
    throw error;
  }
  gateway.stop();
  setCsrf(null);
  forgetAll();
  // Not the sign-in page yet: what somebody typed there would be lost as the page begins again.
  access.set({ state: "unknown" });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  location.assign("/");
}

export const signOut = (): Promise<void> =>
  depart(() => post("/auth/logout")).catch((error: unknown) => sayProblem(asProblem(error)));

let refreshing = 0;

/** Somebody changed what I may do: ask again soon, once for a burst. */
export function refreshSession(): void {
  if (refreshing === 0) {
    refreshing = window.setTimeout(() => {
      refreshing = 0;
      void loadSession();
    }, 120);
  }
}

export function startSession(): void {
  whenSignedOut(() => {
    if (access.get().state === "in") leave("ended");
  });
  startLive({ renew: loadSession, ended: () => leave("revoked") });
  void loadSession();
}

function ownTopic(event: GatewayEvent): void {
  const current = access.get();
  if (current.state === "in" && event.topic === `user:${current.session.user.id}`) refreshSession();
}

export const hearOfSession = {
  "permissions.changed": refreshSession,
  "user.*": ownTopic,
  "role.*": ownTopic,
  "session.*": ownTopic,
};

const nobody: readonly string[] = [];

export function useSession(): Session {
  const current = useStore(access);
  if (current.state !== "in") throw new Error("useSession is for screens behind the sign-in");
  return current.session;
}

/** Whether the person may do this: for showing and hiding, the server decides. */
export function useCan(key: string): boolean {
  const held = useStore(access, (current) => (current.state === "in" ? current.session.permissions : nobody));
  return covers(held, key);
}
