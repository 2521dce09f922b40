internal import Bus
internal import Database
internal import Jobs
internal import Kernel

/// The consumer that turns events of the site into deliveries, in the transaction that moves its place in the outbox.
extension WebhooksFeature {
    var recorder: Consumer {
        Consumer("webhooks", types: Set(WebhookEvent.byType.keys)) { [self] records, transaction in
            let webhooks = try WebhookTable.subscriptions(in: transaction)
            guard !webhooks.isEmpty else { return }
            let now = clock.now()
            var concerned: Set<RowID> = []
            for record in records {
                guard let data = WebhookEvent.byType[record.type]?.data(of: record) else { continue }
                let body = WebhookEvent.body(record.type, at: record.at, data)
                // Events of a paused webhook are kept until it is resumed or the sweep deletes them.
                for webhook in webhooks where webhook.events.contains(record.type) && record.at >= webhook.createdAt {
                    try DeliveryTable.add(
                        ids.next(AnyEntity.self), to: webhook.id, offset: record.offset, type: record.type, body: body, at: now,
                        in: transaction)
                    if webhook.isActive { concerned.insert(webhook.id) }
                }
            }
            for id in concerned { try transaction.enqueue(Self.sendJob, key: id.uuid, on: queue) }
        }
    }
}
