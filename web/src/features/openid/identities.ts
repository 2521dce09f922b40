// Sign-in with a provider: what the site offers, what a sign-in still needs, and what is connected.
import { del, get, post } from "../../lib/api";
import { recall, remember } from "../../lib/memory";
import { invalidate } from "../../lib/query";
import { asList, asRaw, asText } from "../../lib/resources";
import { loadSession } from "../accounts/session";

export interface Offer {
  key: string;
  name: string;
}

const readOffer = (value: unknown): Offer => {
  const raw = asRaw(value);
  return { key: asText(raw["key"]) ?? "", name: asText(raw["name"]) ?? "" };
};

export const offersKey = "providers-offered";

/** The providers that the sign-in page offers; remembered, so that the next time they stand there at once. */
export async function fetchOffers(): Promise<Offer[]> {
  const items = asList(asRaw(await get<unknown>("/auth/providers"))["items"]);
  remember("providers", items.length > 0 ? JSON.stringify(items) : null);
  return items.map(readOffer);
}

export function rememberedOffers(): Offer[] {
  try {
    return asList(JSON.parse(recall("providers") ?? "[]")).map(readOffer).filter(({ key }) => key !== "");
  } catch {
    return [];
  }
}

/** Where a sign-in begins: the server leads on to the provider. */
export const startOf = (of: Offer, returnTo: string): string =>
  `/api/v1/auth/oidc/${encodeURIComponent(of.key)}/start?return_to=${encodeURIComponent(returnTo)}`;

export interface Ticket {
  step: "code" | "join";
  provider: Offer;
  returnTo: string;
  email: string | null;
  emailIsProven: boolean;
  needsPassword: boolean;
  username: string;
  displayName: string | null;
}

export async function fetchTicket(ticket: string): Promise<Ticket> {
  const raw = asRaw(await post<unknown>("/auth/oidc/ticket", { ticket }));
  return {
    step: raw["step"] === "join" ? "join" : "code",
    provider: readOffer(raw["provider"]),
    returnTo: asText(raw["return_to"]) ?? "/",
    email: asText(raw["email"]),
    emailIsProven: raw["email_is_proven"] === true,
    needsPassword: raw["needs_password"] === true,
    username: asText(raw["username"]) ?? "",
    displayName: asText(raw["display_name"]),
  };
}

/** Goes on with a sign-in; says what is waited for, null for those who are in. */
export async function complete(
  ticket: string,
  fields: Record<string, unknown>,
): Promise<"verify_email" | "pending_approval" | null> {
  const answer = asRaw(
    await post<unknown>("/auth/oidc/complete", { ticket, ...fields }, { headers: { "X-Foyer-Session": "cookie" } }),
  );
  const state = asText(answer["state"]);
  if (state === "verify_email" || state === "pending_approval") return state;
  await loadSession();
  return null;
}

export interface Identity {
  id: string;
  provider: string | null;
  name: string;
  label: string | null;
  lastUsedAt: string | null;
  removable: boolean;
}

export const identitiesKey = "identities";

export const fetchIdentities = async (): Promise<Identity[]> =>
  asList(asRaw(await get<unknown>("/users/me/identities"))["items"]).map((value) => {
    const raw = asRaw(value);
    return {
      id: asText(raw["id"]) ?? "",
      provider: asText(raw["provider"]),
      name: asText(raw["name"]) ?? "",
      label: asText(raw["label"]),
      lastUsedAt: asText(raw["last_used_at"]),
      removable: raw["removable"] === true,
    };
  });

/** Leads to the provider, and back to the settings. */
export async function connect(provider: string, password: string): Promise<void> {
  const answer = asRaw(
    await post<unknown>("/users/me/identities", {
      provider,
      return_to: "/settings/security",
      ...(password ? { password } : {}),
    }),
  );
  location.assign(asText(answer["location"]) ?? "/");
}

export async function disconnect(of: Identity): Promise<void> {
  await del(`/users/me/identities/${of.id}`);
  invalidate(identitiesKey);
}
