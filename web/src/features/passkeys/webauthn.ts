// The browser's side of WebAuthn: options of the server's as the browser takes them, what the browser gives as the server takes it.
import { Problem } from "../../lib/problem";
import { asKeys, asList, asRaw, asText, type Raw } from "../../lib/resources";
import type { Key } from "../../lib/i18n";

/** Whether this browser has passkeys here: it needs HTTPS, or localhost. */
export const hasPasskeys = (): boolean => "PublicKeyCredential" in window && !!navigator.credentials;

/** Whether the browser offers passkeys where a name is typed. */
export async function offersThem(): Promise<boolean> {
  const offers = (window.PublicKeyCredential as unknown as { isConditionalMediationAvailable?: () => Promise<boolean> })
    .isConditionalMediationAvailable;
  return await offers?.call(window.PublicKeyCredential) ?? false;
}

export function toBytes(text: string): ArrayBuffer {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0)).buffer;
}

export const toText = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const descriptors = (value: unknown): PublicKeyCredentialDescriptor[] =>
  asList(value).map(asRaw).map((each) => ({
    type: "public-key",
    id: toBytes(asText(each["id"]) ?? ""),
    transports: asKeys(each["transports"]) as AuthenticatorTransport[],
  }));

/** Has the browser make a passkey. */
export async function create(options: Raw): Promise<unknown> {
  const user = asRaw(options["user"]);
  const publicKey = {
    ...options,
    challenge: toBytes(asText(options["challenge"]) ?? ""),
    user: { ...user, id: toBytes(asText(user["id"]) ?? "") },
    excludeCredentials: descriptors(options["excludeCredentials"]),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await ask(() => navigator.credentials.create({ publicKey }));
  const response = made.response as AuthenticatorAttestationResponse & { getTransports?: () => string[] };
  return {
    id: made.id,
    rawId: made.id,
    type: made.type,
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      attestationObject: toText(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** Has the browser prove a passkey; `signal` for a question that waits until one is chosen at a field. */
export async function prove(options: Raw, signal?: AbortSignal): Promise<unknown> {
  const publicKey = {
    ...options,
    challenge: toBytes(asText(options["challenge"]) ?? ""),
    allowCredentials: descriptors(options["allowCredentials"]),
  } as unknown as PublicKeyCredentialRequestOptions;
  const waiting = signal ? { mediation: "conditional" as CredentialMediationRequirement, signal } : {};
  const given = await ask(() => navigator.credentials.get({ publicKey, ...waiting }));
  const response = given.response as AuthenticatorAssertionResponse;
  return {
    id: given.id,
    rawId: given.id,
    type: given.type,
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : null,
    },
  };
}

async function ask(question: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  const given = await question();
  if (!given) throw new DOMException("", "NotAllowedError");
  return given as PublicKeyCredential;
}

const reasons: Readonly<Record<string, Key>> = {
  NotAllowedError: "passkeys.cancelled",
  AbortError: "passkeys.cancelled",
  InvalidStateError: "passkeys.known",
  SecurityError: "passkeys.address",
};

/** What the browser refused, as a problem in our words; anything else as it is. */
export function explained(error: unknown, t: (key: Key) => string): unknown {
  if (!(error instanceof DOMException)) return error;
  return new Problem(-1, "passkey", "", t(reasons[error.name] ?? "passkeys.failed"));
}
