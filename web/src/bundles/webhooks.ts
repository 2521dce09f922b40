// Webhooks: subscriptions and deliveries.
export { WebhookPages } from "../features/webhooks/pages";
