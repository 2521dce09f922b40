// The providers of the site, as those see them who manage them.
import { api, del, get, patch } from "../../lib/api";
import { invalidate } from "../../lib/query";
import { asKeys, asList, asRaw, asText, readRole, type Role } from "../../lib/resources";
import { offersKey } from "./identities";

export interface RoleRule {
  claim: string;
  value: string;
  role: string;
}

export interface Provider {
  id: string;
  key: string;
  name: string;
  issuer: string;
  clientId: string;
  hasSecret: boolean;
  scopes: string[];
  enabled: boolean;
  trustsEmail: boolean;
  trustsFactor: boolean;
  rules: RoleRule[];
  redirectUri: string;
  logoutUri: string;
}

export const providersKey = "identity-providers";

function readProvider(value: unknown): Provider {
  const raw = asRaw(value);
  return {
    id: asText(raw["id"]) ?? "",
    key: asText(raw["key"]) ?? "",
    name: asText(raw["name"]) ?? "",
    issuer: asText(raw["issuer"]) ?? "",
    clientId: asText(raw["client_id"]) ?? "",
    hasSecret: raw["has_secret"] === true,
    scopes: asKeys(raw["scopes"]),
    enabled: raw["enabled"] === true,
    trustsEmail: raw["trusts_email"] === true,
    trustsFactor: raw["trusts_mfa"] === true,
    rules: asList(raw["role_rules"]).map((each) => {
      const rule = asRaw(each);
      return {
        claim: asText(rule["claim"]) ?? "",
        value: asText(rule["value"]) ?? "",
        role: asText(rule["role"]) ?? "",
      };
    }),
    redirectUri: asText(raw["redirect_uri"]) ?? "",
    logoutUri: asText(raw["backchannel_logout_uri"]) ?? "",
  };
}

export const fetchProviders = async (): Promise<Provider[]> =>
  asList(asRaw(await get<unknown>("/identity-providers"))["items"]).map(readProvider);

export const ruleRolesKey = "rule-roles";

/** Roles that a rule may give: never the owner's, which no rule gives, nor the guests'. */
export const fetchRuleRoles = async (): Promise<Role[]> =>
  asList(asRaw(await get<unknown>("/roles", { limit: 200 }))["items"]).map(readRole)
    .filter(({ name }) => name !== "owner" && name !== "guest");

function changed(): void {
  invalidate(providersKey);
  invalidate(offersKey);
}

export async function createProvider(wanted: Record<string, unknown>, key: string): Promise<void> {
  await api("POST", "/identity-providers", { body: wanted, key });
  changed();
}

export async function editProvider(of: Provider, wanted: Record<string, unknown>): Promise<void> {
  await patch(`/identity-providers/${of.id}`, wanted);
  changed();
}

export async function deleteProvider(of: Provider): Promise<void> {
  await del(`/identity-providers/${of.id}`);
  changed();
}

/** The address at this site to which a provider sends people back; known before the provider is saved. */
export const redirectFor = (key: string): string => `${location.origin}/api/v1/auth/oidc/${key.trim() || "…"}/callback`;
