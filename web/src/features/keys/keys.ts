// My API keys: what programs sign in with in my name.
import { api, del, get, type Page, post } from "../../lib/api";
import { invalidate } from "../../lib/query";
import { asKeys, asNumber, asRaw, asText } from "../../lib/resources";

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  expired: boolean;
  expiresAt: string | null;
  createdAt: string | null;
  lastUsedAt: string | null;
  lastAddress: string | null;
  uses: number;
  /** Whether its requests must be signed. */
  signed: boolean;
  /** The networks that it may be used from; none for any. */
  addresses: readonly string[];
  /** Until when the secret before the last is good. */
  previousUntil: string | null;
}

/** A key and its secret, which is never shown again. */
export interface ShownKey {
  key: ApiKey;
  secret: string;
  /** What signs its requests, where they must be. */
  signingSecret: string | null;
}

export const keysKey = "api-keys";

function readKey(value: unknown): ApiKey {
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    name: asText(raw["name"]) ?? "",
    prefix: asText(raw["prefix"]) ?? "",
    scopes: asKeys(raw["scopes"]),
    expired: raw["expired"] === true,
    expiresAt: asText(raw["expires_at"]),
    createdAt: asText(raw["created_at"]),
    lastUsedAt: asText(raw["last_used_at"]),
    lastAddress: asText(raw["last_used_address"]),
    uses: asNumber(raw["use_count"]) ?? 0,
    signed: raw["requires_signature"] === true,
    addresses: asKeys(raw["addresses"]),
    previousUntil: asText(raw["previous_expires_at"]),
  };
}

function readShown(value: unknown): ShownKey {
  invalidate(keysKey);
  const raw = asRaw(value);
  return { key: readKey(value), secret: asText(raw["key"]) ?? "", signingSecret: asText(raw["signing_secret"]) };
}

/** All of them: there are fifty at most. */
export const fetchKeys = async (): Promise<ApiKey[]> =>
  (await get<Page<unknown>>("/api-keys", { limit: 200 })).items.map(readKey);

export const createKey = async (
  wanted: {
    name: string;
    scopes: string[];
    expires_at: string | null;
    requires_signature: boolean;
    addresses: string[];
  },
  key: string,
): Promise<ShownKey> => readShown(await api("POST", "/api-keys", { body: wanted, key }));

export const rotateKey = async (key: ApiKey): Promise<ShownKey> => readShown(await post(`/api-keys/${key.id}/rotate`));

export async function revokeKey(key: ApiKey): Promise<void> {
  await del(`/api-keys/${key.id}`);
  invalidate(keysKey);
}
