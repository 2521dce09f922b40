// How people come in, and get back in: what the pages outside the door ask of the server.
import { get, post } from "../../lib/api";
import type { Language } from "../../lib/i18n";
import { asRaw, asText } from "../../lib/resources";
import { loadSession } from "./session";

export const modes = ["open", "invitation", "approval", "closed"] as const;
export type Mode = typeof modes[number];

export interface Rules {
  version: number;
  text: Record<Language, string>;
}

export interface Door {
  mode: Mode;
  rules: Rules | null;
  /** A password can be reset by mail. */
  resets: boolean;
  /** What the team calls the site. */
  siteName: string | null;
  hasOwner: boolean;
}

export interface Invitation {
  by: string;
  roles: { id: string; name: string; color: string | null }[];
}

export const asMode = (value: unknown): Mode => modes.find((mode) => mode === value) ?? "closed";

export function readRules(value: unknown): Rules | null {
  const raw = asRaw(value);
  const version = raw["version"];
  if (typeof version !== "number") return null;
  return { version, text: { en: asText(raw["en"]) ?? "", fr: asText(raw["fr"]) ?? "" } };
}

export const doorKey = "door";

export async function fetchDoor(): Promise<Door> {
  const raw = asRaw(await get("/auth/registration"));
  return {
    mode: asMode(raw["mode"]),
    rules: readRules(raw["rules"]),
    resets: raw["resets_passwords"] === true,
    siteName: asText(raw["site_name"]),
    hasOwner: raw["has_owner"] !== false,
  };
}

export async function fetchInvitation(token: string): Promise<Invitation> {
  const raw = asRaw(await post("/auth/invitation", { token }));
  const roles = Array.isArray(raw["roles"]) ? raw["roles"].map(asRaw) : [];
  return {
    by: asText(raw["invited_by"]) ?? "",
    roles: roles.map((role) => ({
      id: asText(role["id"]) ?? "",
      name: asText(role["name"]) ?? "",
      color: asText(role["color"]),
    })),
  };
}

/** What somebody who asked to join waits for; null: they are in. */
export type Waiting = "verify_email" | "pending_approval" | null;

export async function register(account: Record<string, unknown>): Promise<Waiting> {
  const answer = asRaw(await post("/auth/register", account, { headers: { "X-Foyer-Session": "cookie" } }));
  const state = asText(answer["state"]);
  if (state === "verify_email" || state === "pending_approval") return state;
  await loadSession();
  return null;
}

export type Verified = "active" | "pending_approval" | "email_changed";

export async function verify(token: string, password: string): Promise<Verified> {
  const state = asText(asRaw(await post("/auth/email/verify", { token, password }))["state"]);
  return state === "pending_approval" || state === "email_changed" ? state : "active";
}
