// Who may come in, as the team sees it: requests, invitations, and the site's own settings of the door.
import { api, del, get, type Page, patch, post } from "../../lib/api";
import { gateway } from "../../lib/live";
import { invalidate } from "../../lib/query";
import { asKeys, asRaw, asText } from "../../lib/resources";
import { asMode, doorKey, type Mode, readRules, type Rules } from "../accounts/door";

export interface Invitation {
  id: string;
  note: string | null;
  state: "active" | "used" | "expired" | "revoked";
  roles: string[];
  maxUses: number | null;
  uses: number;
  expiresAt: string | null;
  by: string | null;
  createdAt: string | null;
}

export interface Request {
  id: string;
  username: string;
  name: string;
  email: string | null;
  message: string | null;
  createdAt: string | null;
  verifiedAt: string | null;
}

export interface SiteSettings {
  mode: Mode;
  rules: Rules | null;
  sendsMail: boolean;
  siteName: string | null;
  version: number;
}

export const invitationsKey = "invitations";
export const requestsKey = "registrations";
export const settingsKey = "site-settings";

const states = ["active", "used", "expired", "revoked"] as const;
const number = (value: unknown): number | null => (typeof value === "number" ? value : null);

export function readInvitation(value: unknown): Invitation {
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    note: asText(raw["note"]),
    state: states.find((state) => state === raw["state"]) ?? "revoked",
    roles: asKeys(raw["roles"]),
    maxUses: number(raw["max_uses"]),
    uses: number(raw["uses"]) ?? 0,
    expiresAt: asText(raw["expires_at"]),
    by: asText(raw["created_by_name"]),
    createdAt: asText(raw["created_at"]),
  };
}

export async function fetchInvitations(cursor: string | null): Promise<Page<Invitation>> {
  const page = await get<Page<unknown>>("/invitations", { cursor });
  return { ...page, items: page.items.map(readInvitation) };
}

/** - Returns: the link, which is shown this once. */
export async function createInvitation(wanted: Record<string, unknown>, key: string): Promise<string> {
  const made = asRaw(await api("POST", "/invitations", { body: wanted, key }));
  invalidate(invitationsKey);
  return new URL(asText(made["url"]) ?? "", location.origin).href;
}

export async function revokeInvitation(id: string): Promise<void> {
  await del(`/invitations/${id}`);
  invalidate(invitationsKey);
}

function readRequest(value: unknown): Request {
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    username: asText(raw["username"]) ?? "",
    name: asText(raw["display_name"]) ?? "",
    email: asText(raw["email"]),
    message: asText(raw["message"]),
    createdAt: asText(raw["created_at"]),
    verifiedAt: asText(raw["email_verified_at"]),
  };
}

export async function fetchRequests(cursor: string | null): Promise<Page<Request>> {
  const page = await get<Page<unknown>>("/registrations", { cursor });
  return { ...page, items: page.items.map(readRequest) };
}

export async function decide(
  request: Request,
  verdict: "approve" | "refuse",
  reason: string,
  key: string,
): Promise<void> {
  await post(`/registrations/${request.id}/${verdict}`, reason ? { reason } : {}, { key });
  invalidate(requestsKey);
}

/** Hears of those who ask, for as long as the list is on screen. */
export const followRequests = (): () => void => gateway.subscribe("registrations", () => invalidate(requestsKey));

gateway.on("registration.updated", () => invalidate(requestsKey));

function readSettings(value: unknown): SiteSettings {
  const raw = asRaw(value);
  return {
    mode: asMode(raw["registration_mode"]),
    rules: readRules(raw["rules"]),
    sendsMail: raw["sends_mail"] === true,
    siteName: asText(raw["site_name"]),
    version: number(raw["version"]) ?? 0,
  };
}

export const fetchSettings = async (): Promise<SiteSettings> => readSettings(await get("/settings"));

export async function saveSettings(
  change: Record<string, unknown>,
  version: number,
  key: string,
): Promise<SiteSettings> {
  const saved = readSettings(await patch("/settings", change, { version, key }));
  invalidate(settingsKey);
  invalidate(doorKey);
  return saved;
}
