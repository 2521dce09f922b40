import "./webhooks.css";
import type { PageProps } from "../../contract/page";
import { WebhookPage } from "./WebhookPage";
import { WebhooksPage } from "./WebhooksPage";

/** The list of webhooks, or one of them with its deliveries. */
export function WebhookPages({ params }: PageProps) {
  const { id } = params;
  return id ? <WebhookPage key={id} id={id} /> : <WebhooksPage />;
}
