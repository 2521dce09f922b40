internal import Database
internal import Jobs
internal import Kernel
internal import Web

/// `GET /webhooks`, `GET /webhooks/events`, `GET /webhooks/{id}`, `GET /webhooks/{id}/deliveries`, `GET /webhook-deliveries/{id}` and its replay
extension WebhooksFeature {
    func listWebhooks(_ call: Call) async throws -> Reply {
        let now = clock.now()
        return try await database.read { [self] transaction in
            let pending = try DeliveryTable.pending(in: transaction)
            let items = try table.all(in: transaction).reversed().map { JSON.object($0.view(pending: pending[$0.id] ?? 0, at: now)) }
            return .page(items, next: nil, total: nil)
        }
    }

    func listEvents(_ call: Call) async throws -> Reply {
        let language = call.scope.language
        let items = WebhookEvent.all.map { event -> JSON in
            [
                "type": .string(event.type), "title": .string(event.title(language)), "permission": .string(event.permission.key),
                "example": WebhookEvent.body(event.type, at: Timestamp(milliseconds: 1_767_225_600_000), event.example),
            ]
        }
        return .page(items, next: nil, total: nil)
    }

    func readWebhook(_ call: Call) async throws -> Reply {
        let (reference, now) = (call.parameter("id"), clock.now())
        return try await database.read { [self] transaction in
            let webhook = try find(reference, in: transaction)
            return Reply.json(200, .object(webhook.view(pending: try pending(webhook.id, in: transaction), at: now)))
                .tagged(version: webhook.version)
        }
    }

    func listDeliveries(_ call: Call) async throws -> Reply {
        var query = try call.query
        let state = query.choice("state", Delivery.State.self)
        let page = query.page()
        try query.finish()
        let before = try page.key { $0.string.flatMap { RowID(uuid: $0) } } ?? RowID(rawValue: .max)
        let reference = call.parameter("id")
        return try await database.read { [self] transaction in
            let webhook = try find(reference, in: transaction)
            let found = try DeliveryTable.page(of: webhook.id, state, before: before, limit: page.limit + 1, in: transaction)
            let shown = found.prefix(page.limit)
            let next = found.count > page.limit ? shown.last.map { Page.cursor([JSON($0.id)]) } : nil
            let total = page.wantsTotal ? try DeliveryTable.count(of: webhook.id, state, in: transaction) : nil
            return .page(shown.map { .object($0.view) }, next: next, total: total)
        }
    }

    /// With the body of the request for those who may read such an event.
    func readDelivery(_ call: Call) async throws -> Reply {
        let (reference, scope) = (call.parameter("id"), call.scope)
        return try await database.read { [self] transaction in
            let delivery = try delivery(reference, in: transaction)
            var members = delivery.view
            let isReadable = try WebhookEvent.byType[delivery.type].map { event in
                guard scope.can(event.permission), let user = scope.userID else { return false }
                guard event.isOfMessage else { return true }
                let body = try JSONParser.parse(own: Array(delivery.body.utf8))
                guard let channel = body["data"]?["conversation_id"]?.string.flatMap({ ConversationID(uuid: $0) }) else { return false }
                return try mayReadChannel(user, channel, transaction)
            }
            members.append("request", isReadable ?? true ? .string(delivery.body) : .null)
            members.append("log", .array(try DeliveryTable.attempts(of: delivery.id, in: transaction)))
            return .json(200, .object(members))
        }
    }

    /// Sends a delivery again, under the same id. One that was delivered needs `again`.
    func replayDelivery(_ call: Call) async throws -> Reply {
        let (reference, now) = (call.parameter("id"), clock.now())
        var input = try Input(try call.body())
        let isMeant = input.bool("again") ?? false
        try input.finish()
        return try await call.mutate(database) { [self] transaction in
            var delivery = try delivery(reference, in: transaction)
            guard let webhook = try table.find(delivery.webhook, locked: true, in: transaction) else { throw Problem.notFound }
            guard webhook.state == .active else { throw Self.paused }
            guard delivery.state != .delivered || isMeant else { throw Self.delivered }
            (delivery.state, delivery.tries, delivery.nextAt, delivery.settledAt) = (.pending, 0, now, nil)
            delivery.replayedAt = now
            try DeliveryTable.update(delivery, in: transaction)
            try transaction.enqueue(Self.sendJob, key: webhook.id.uuid, on: queue)
            return .json(202, .object(delivery.view))
        }
    }

    private func delivery(_ reference: String, in transaction: Transaction) throws -> Delivery {
        guard let id = RowID(uuid: reference), let delivery = try DeliveryTable.find(id, in: transaction) else { throw Problem.notFound }
        return delivery
    }

    static let delivered = Problem.conflict(
        "already_delivered",
        LocalizedText(
            en: "This delivery has arrived. Send it with “again” to deliver it once more.",
            fr: "Cette livraison est arrivée. Envoyez « again » pour la livrer une fois de plus."))
}
