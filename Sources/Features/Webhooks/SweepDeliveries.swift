internal import Database
internal import Kernel
internal import Runtime

/// The job that deletes the deliveries that are too old, and those beyond the limit of their webhook.
extension WebhooksFeature {
    func sweep() async throws {
        let limit = clock.now().adding(seconds: -DeliveryTable.days * 86_400)
        // By the id, which holds the time of its making: an index of its own for the time would cost each delivery an entry.
        try await sweep("id < \(Snowflake.first(at: limit))")
        for webhook in try await database.read({ try WebhookTable.subscriptions(in: $0) }) {
            guard let (last, pending) = try await database.read(.heavy, { try DeliveryTable.excess(of: webhook.id, in: $0) }) else {
                continue
            }
            if pending > 0 {
                log.warning("deliveries of a webhook are dropped unsent", [("webhook", JSON(webhook.id)), ("count", JSON(pending))])
            }
            try await sweep("webhook_id = \(webhook.id) AND id <= \(last)")
        }
    }

    private func sweep(_ condition: SQL) async throws {
        while try await database.write({ try DeliveryTable.sweep(condition, in: $0) }) > 0 {}
    }
}
