// The webhooks of the site: subscriptions, and what was delivered.
import { api, del, get, type Page, patch, post } from "../../lib/api";
import { invalidate } from "../../lib/query";
import { asKeys, asList, asNumber, asRaw, asText } from "../../lib/resources";

export type PauseReason = "by_hand" | "failing" | "gone";

export interface Webhook {
  id: string;
  url: string;
  name: string;
  events: string[];
  isPaused: boolean;
  reason: PauseReason | null;
  failingSince: string | null;
  retryAt: string | null;
  pending: number;
  /** Until when the former secret signs, too. */
  previousUntil: string | null;
  createdAt: string | null;
  version: number;
}

/** A webhook and its secret, which is never shown again. */
export interface ShownWebhook {
  webhook: Webhook;
  secret: string;
}

export interface WebhookEvent {
  type: string;
  title: string;
  permission: string;
  example: unknown;
}

export const deliveryStates = ["pending", "delivered", "failed", "skipped"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export interface Delivery {
  id: string;
  type: string;
  state: DeliveryState;
  attempts: number;
  nextAt: string | null;
  status: number | null;
  ms: number | null;
  error: string | null;
  isReplay: boolean;
  createdAt: string | null;
}

export interface Attempt {
  attempt: number;
  at: string | null;
  status: number | null;
  ms: number;
  error: string | null;
  answer: string | null;
}

export interface DeliveryDetails {
  delivery: Delivery;
  /** The body that was sent; null for those who may not read such an event. */
  request: string | null;
  log: Attempt[];
}

export const webhooksKey = "webhooks";
export const webhookKey = (id: string): string => `webhooks/${id}`;
export const eventsKey = "webhook-events";
export const deliveriesKey = (id: string, state: DeliveryState | "all"): string => `webhooks/${id}/deliveries?${state}`;
export const deliveryKey = (id: string): string => `webhook-deliveries/${id}`;

const isReason = (text: string | null): text is PauseReason =>
  text === "by_hand" || text === "failing" || text === "gone";

export function readWebhook(value: unknown): Webhook {
  const raw = asRaw(value);
  const reason = asText(raw["pause_reason"]);
  return {
    id: asText(raw["id"]) ?? "",
    url: asText(raw["url"]) ?? "",
    name: asText(raw["name"]) ?? "",
    events: asKeys(raw["events"]),
    isPaused: raw["state"] === "paused",
    reason: isReason(reason) ? reason : null,
    failingSince: asText(raw["failing_since"]),
    retryAt: asText(raw["retry_at"]),
    pending: asNumber(raw["pending"]) ?? 0,
    previousUntil: asText(raw["previous_until"]),
    createdAt: asText(raw["created_at"]),
    version: asNumber(raw["version"]) ?? 0,
  };
}

export function readDelivery(value: unknown): Delivery {
  const raw = asRaw(value);
  const state = deliveryStates.find((each) => each === raw["state"]) ?? "pending";
  return {
    id: asText(raw["id"]) ?? "",
    type: asText(raw["type"]) ?? "",
    state,
    attempts: asNumber(raw["attempts"]) ?? 0,
    nextAt: asText(raw["next_at"]),
    status: asNumber(raw["last_status"]) ?? null,
    ms: asNumber(raw["last_ms"]) ?? null,
    error: asText(raw["last_error"]),
    isReplay: asText(raw["replayed_at"]) !== null,
    createdAt: asText(raw["created_at"]),
  };
}

function readAttempt(value: unknown): Attempt {
  const raw = asRaw(value);
  return {
    attempt: asNumber(raw["attempt"]) ?? 0,
    at: asText(raw["at"]),
    status: asNumber(raw["status"]) ?? null,
    ms: asNumber(raw["ms"]) ?? 0,
    error: asText(raw["error"]),
    answer: asText(raw["answer"]),
  };
}

const items = async (path: string): Promise<unknown[]> => asList(asRaw(await get<unknown>(path))["items"]);

export const fetchWebhooks = async (): Promise<Webhook[]> => (await items("/webhooks")).map(readWebhook);
export const fetchWebhook = async (id: string): Promise<Webhook> => readWebhook(await get(`/webhooks/${id}`));

export const fetchEvents = async (): Promise<WebhookEvent[]> =>
  (await items("/webhooks/events")).map((value) => {
    const raw = asRaw(value);
    return {
      type: asText(raw["type"]) ?? "",
      title: asText(raw["title"]) ?? "",
      permission: asText(raw["permission"]) ?? "",
      example: raw["example"],
    };
  });

export async function fetchDeliveries(
  id: string,
  state: DeliveryState | "all",
  cursor: string | null,
): Promise<Page<Delivery>> {
  const page = await get<Page<unknown>>(`/webhooks/${id}/deliveries`, {
    state: state === "all" ? null : state,
    cursor,
    limit: 50,
  });
  return { ...page, items: page.items.map(readDelivery) };
}

export async function fetchDelivery(id: string): Promise<DeliveryDetails> {
  const raw = asRaw(await get<unknown>(`/webhook-deliveries/${id}`));
  return { delivery: readDelivery(raw), request: asText(raw["request"]), log: asList(raw["log"]).map(readAttempt) };
}

function changed<T>(value: T): T {
  invalidate(webhooksKey);
  return value;
}

const shown = (value: unknown): ShownWebhook =>
  changed({ webhook: readWebhook(value), secret: asText(asRaw(value)["secret"]) ?? "" });

export interface WebhookForm {
  url: string;
  name: string | null;
  events: string[];
}

export const createWebhook = async (wanted: WebhookForm, key: string): Promise<ShownWebhook> =>
  shown(await api("POST", "/webhooks", { body: wanted, key }));

export const editWebhook = async (
  of: Webhook,
  wanted: Partial<WebhookForm> & { enabled?: boolean },
): Promise<Webhook> => changed(readWebhook(await patch(`/webhooks/${of.id}`, wanted)));

export const rotateSecret = async (of: Webhook): Promise<ShownWebhook> =>
  shown(await post(`/webhooks/${of.id}/rotate`));
export const testWebhook = async (of: Webhook): Promise<Delivery> =>
  changed(readDelivery(await post(`/webhooks/${of.id}/test`)));
export const resumeWebhook = async (of: Webhook, skip: boolean): Promise<Webhook> =>
  changed(readWebhook(await post(`/webhooks/${of.id}/resume`, { skip })));
export const replayDelivery = async (of: Delivery): Promise<Delivery> =>
  changed(readDelivery(await post(`/webhook-deliveries/${of.id}/replay`, { again: of.state === "delivered" })));

export async function deleteWebhook(of: Webhook): Promise<void> {
  await del(`/webhooks/${of.id}`);
  changed(null);
}

/** What an address shows in a list: without its path, which may hold a secret. */
export const hostOf = (url: string): string => {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
};
