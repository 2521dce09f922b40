import { del, get, patch, post } from "../../lib/api";
import { asKeys, asList, asNumber, asRaw, asText, type Raw } from "../../lib/resources";
import { create } from "./webauthn";

export interface Passkey {
  id: string;
  name: string;
  createdAt: string | null;
  lastUsedAt: string | null;
  transports: readonly string[];
  synced: boolean;
  domain: string;
  /** Whether it is for the site's address of now. */
  usable: boolean;
}

export interface OwnPasskeys {
  items: readonly Passkey[];
  /** Why the site has none. */
  unavailable: string | null;
  limit: number;
}

export const passkeysKey = "passkeys";

function readPasskey(value: unknown): Passkey {
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    name: asText(raw["name"]) ?? "",
    createdAt: asText(raw["created_at"]),
    lastUsedAt: asText(raw["last_used_at"]),
    transports: asKeys(raw["transports"]),
    synced: raw["synced"] === true,
    domain: asText(raw["rp_id"]) ?? "",
    usable: raw["usable"] === true,
  };
}

export async function fetchPasskeys(): Promise<OwnPasskeys> {
  const answer = asRaw(await get("/users/me/passkeys"));
  return {
    items: asList(answer["items"]).map(readPasskey),
    unavailable: asText(answer["unavailable"]),
    limit: asNumber(answer["limit"]) ?? 0,
  };
}

/** What the browser is asked with, for who has just proved again who they are. */
export const beginPasskey = async (proof: { password?: string; code?: string }): Promise<Raw> =>
  asRaw(await post("/users/me/passkeys/options", proof));

export async function addPasskey(options: Raw, name: string): Promise<Passkey> {
  const credential = await create(options);
  return readPasskey(await post("/users/me/passkeys", { credential, ...(name ? { name } : {}) }));
}

export const renamePasskey = (of: Passkey, name: string): Promise<unknown> =>
  patch(`/users/me/passkeys/${of.id}`, { name });

export const removePasskey = (of: Passkey): Promise<unknown> => del(`/users/me/passkeys/${of.id}`);
