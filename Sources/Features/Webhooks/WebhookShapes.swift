internal import Web

/// The input and the answers of the routes of webhooks.
enum WebhookShapes {
    private static let members = Shape.object([
        "id": .id, "url": .text, "name": .text, "events": .list(of: .text), "state": .choice(Webhook.State.self),
        "pause_reason": Shape.choice(Webhook.PauseReason.self).orNull, "failing_since": .timestamp.orNull, "retry_at": .timestamp.orNull,
        "pending": .integer, "previous_until": .timestamp.orNull, "created_by": .id, "created_at": .timestamp, "version": .integer,
    ])
    private static let webhook = Shape.named("Webhook", members)
    private static let shown = members.with(["secret": Shape.text.described("Signs the requests; shown this once.")])

    private static let deliveryMembers = Shape.object([
        "id": Shape.id.described("The `webhook-id`."), "webhook_id": .id, "type": .text, "state": .choice(Delivery.State.self),
        "attempts": .integer, "next_at": .timestamp.orNull, "last_status": .integer.orNull, "last_ms": .integer.orNull,
        "last_error": .text.orNull, "replayed_at": .timestamp.orNull, "created_at": .timestamp, "settled_at": .timestamp.orNull,
    ])
    private static let delivery = Shape.named("WebhookDelivery", deliveryMembers)

    private static let events = Shape.list(of: .string(1...100), WebhookInput.eventCount)

    static let list = RouteShape("List the webhooks.", answers: [.ok(.whole(of: webhook))])
    static let listEvents = RouteShape(
        "List the events that a webhook can subscribe to.",
        answers: [.ok(.whole(of: .object(["type": .text, "title": .text, "permission": .text, "example": .any])))])
    static let create = RouteShape(
        "Create a webhook; its secret is shown this once.",
        body: .json(
            .object([
                "url": .string(1...2000), "events": events, "name": Shape.string(WebhookInput.nameLength).optionalOrNull,
                "secret": Shape.string(1...100).optionalOrNull,
            ])), answers: [.created(shown).tagged], refusals: [.conflict("too_many_webhooks")], guards: [.idempotencyKey])
    static let read = RouteShape("Read a webhook.", answers: [.ok(webhook).tagged])
    static let edit = RouteShape(
        "Change, pause or resume a webhook.",
        body: .optionalJSON(
            .object([
                "url": Shape.string(1...2000).optionalOrNull, "events": events.optionalOrNull,
                "name": Shape.string(WebhookInput.nameLength).optionalOrNull, "enabled": Shape.bool.optionalOrNull,
            ])), answers: [.ok(webhook).tagged], guards: [.idempotencyKey, .ifMatch])
    static let delete = RouteShape("Delete a webhook with its deliveries.", answers: [.noContent], guards: [.idempotencyKey, .ifMatch])
    static let rotate = RouteShape(
        "Give a webhook a new secret; the former one signs, too, for a while.",
        body: .optionalJSON(.object(["overlap_s": .integer(WebhooksFeature.overlap).optionalOrNull])), answers: [.ok(shown).tagged],
        guards: [.idempotencyKey, .ifMatch])
    static let test = RouteShape(
        "Send a test event.", answers: [.accepted(delivery)], refusals: [.conflict("webhook_paused")], guards: [.idempotencyKey])
    static let resume = RouteShape(
        "Resume a paused webhook, with or without the deliveries that wait.",
        body: .optionalJSON(.object(["skip": Shape.bool.optionalOrNull])), answers: [.ok(webhook).tagged],
        guards: [.idempotencyKey, .ifMatch])
    static let deliveries = RouteShape.list(
        "List the deliveries of a webhook, the newest first.", of: delivery, query: ["state": .choice(Delivery.State.self).optional])
    static let readDelivery = RouteShape(
        "Read a delivery with its request and its attempts.",
        answers: [
            .ok(
                deliveryMembers.with([
                    "request": .text.orNull,
                    "log": .list(
                        of: .object([
                            "attempt": .integer, "at": .timestamp, "status": .integer.orNull, "ms": .integer, "error": .text.orNull,
                            "answer": .text.orNull,
                        ])),
                ]))
        ])
    static let replay = RouteShape(
        "Send a delivery again, under the same id.", body: .optionalJSON(.object(["again": Shape.bool.optionalOrNull])),
        answers: [.accepted(delivery)], refusals: [.conflict("webhook_paused"), .conflict("already_delivered")], guards: [.idempotencyKey])
}
