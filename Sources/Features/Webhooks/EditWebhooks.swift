internal import Audit
internal import Crypto
internal import Database
internal import HTTP
internal import Jobs
internal import Kernel
internal import Outbound
internal import Roles
internal import Web

/// `POST /webhooks`, `PATCH` and `DELETE /webhooks/{id}`, `POST /webhooks/{id}/rotate`, `/test` and `/resume`
extension WebhooksFeature {
    /// Seconds that the former secret signs after a rotation.
    static let overlap: ClosedRange<Int64> = 0...604_800
    private static let defaultOverlap: Int64 = 86_400

    func createWebhook(_ call: Call) async throws -> Reply {
        let (author, scope, now) = (try call.scope.requireUser(), call.scope, clock.now())
        let input = try WebhookInput(try call.body(), isNew: true)
        let (url, events) = (input.url ?? "", input.events ?? [])
        try requireRights(to: events, of: scope)
        try await check(url)
        let webhook = Webhook(
            id: ids.next(AnyEntity.self), url: url, name: input.name ?? HTTPClient.host(of: url) ?? url, events: events,
            secret: input.secret ?? WebhookSignature.newSecret(), author: author, createdAt: now)
        return try await call.mutate(database) { [self] transaction in
            // The row that every change of rights locks: two requests at once do not pass the limit together.
            _ = try roles.authorizer.lockAuthorisation(in: transaction)
            guard try table.count(in: transaction) < WebhookTable.limit else { throw Self.tooMany }
            try table.insert(webhook, in: transaction)
            try record("webhook.create", webhook, before: nil, after: webhook.audited, scope: scope, in: transaction)
            var members = webhook.view(pending: 0, at: now)
            members.append("secret", .string(webhook.secret))
            var reply = Reply.json(201, .object(members)).tagged(version: webhook.version).secret(id: webhook.id.uuid)
            reply.headers["Location"] = "/api/v1/webhooks/\(webhook.id)"
            return reply
        }
    }

    /// A person who changes the address or the events becomes the author, whose rights decide what is sent.
    func editWebhook(_ call: Call) async throws -> Reply {
        let (editor, scope, now) = (try call.scope.requireUser(), call.scope, clock.now())
        let input = try WebhookInput(try call.body(), isNew: false)
        if let url = input.url { try await check(url) }
        return try await change(call, "webhook.update") { [self] webhook, transaction in
            if input.url != nil || input.events != nil {
                try requireRights(to: input.events ?? webhook.events, of: scope)
                webhook.author = editor
            }
            if let url = input.url, url != webhook.url {
                webhook.url = url
                // The failures were those of the former address.
                if webhook.state == .active { try resume(&webhook, in: transaction) }
            }
            if let name = input.name { webhook.name = name }
            if let events = input.events { webhook.events = events }
            if input.isEnabled == true, webhook.state == .paused { try resume(&webhook, in: transaction) }
            if input.isEnabled == false, webhook.state == .active { webhook.pauseReason = .byHand }
            return .json(200, .object(webhook.view(pending: try pending(webhook.id, in: transaction), at: now)))
        }
    }

    func deleteWebhook(_ call: Call) async throws -> Reply {
        let (reference, scope) = (call.parameter("id"), call.scope)
        return try await call.mutate(database) { [self] transaction in
            let webhook = try find(reference, locked: true, in: transaction)
            try call.checkIfMatch(version: webhook.version)
            try table.delete(webhook.id, in: transaction)
            try record("webhook.delete", webhook, before: webhook.audited, after: nil, scope: scope, in: transaction)
            return .noContent
        }
    }

    /// A new secret, shown this once; requests are signed with both for `overlap_s` seconds.
    func rotateSecret(_ call: Call) async throws -> Reply {
        let (editor, scope, now) = (try call.scope.requireUser(), call.scope, clock.now())
        var input = try Input(try call.body())
        let overlap = input.integer("overlap_s", Self.overlap) ?? Self.defaultOverlap
        try input.finish()
        return try await change(call, "webhook.rotate") { [self] webhook, transaction in
            try requireRights(to: webhook.events, of: scope)
            webhook.author = editor
            webhook.previous = overlap > 0 ? (webhook.secret, now.adding(seconds: overlap)) : nil
            webhook.secret = WebhookSignature.newSecret()
            var members = webhook.view(pending: try pending(webhook.id, in: transaction), at: now)
            members.append("secret", .string(webhook.secret))
            return Reply.json(200, .object(members)).secret(id: webhook.id.uuid)
        }
    }

    /// A delivery of the event `webhook.test`, sent as any other.
    func testWebhook(_ call: Call) async throws -> Reply {
        let (reference, scope, now) = (call.parameter("id"), call.scope, clock.now())
        let id = ids.next(AnyEntity.self)
        return try await call.mutate(database) { [self] transaction in
            let webhook = try find(reference, locked: true, in: transaction)
            guard webhook.state == .active else { throw Self.paused }
            let body = WebhookEvent.body(WebhookEvent.test, at: now, ["webhook_id": JSON(webhook.id), "requested_by": JSON(scope.userID)])
            try DeliveryTable.add(id, to: webhook.id, offset: -id.rawValue, type: WebhookEvent.test, body: body, at: now, in: transaction)
            try transaction.enqueue(Self.sendJob, key: webhook.id.uuid, on: queue)
            return .json(202, .object(try DeliveryTable.find(id, in: transaction)?.view ?? [:]))
        }
    }

    /// Sends again, with what waits, or without it (`skip`).
    func resumeWebhook(_ call: Call) async throws -> Reply {
        let now = clock.now()
        var input = try Input(try call.body())
        let skips = input.bool("skip") ?? false
        try input.finish()
        return try await change(call, "webhook.resume") { [self] webhook, transaction in
            if skips { _ = try DeliveryTable.skip(of: webhook.id, at: now, in: transaction) }
            try resume(&webhook, in: transaction)
            return .json(200, .object(webhook.view(pending: try pending(webhook.id, in: transaction), at: now)))
        }
    }

    /// Forgets the failures of the target, and sends what waits at once.
    private func resume(_ webhook: inout Webhook, in transaction: Transaction) throws {
        (webhook.pauseReason, webhook.failures, webhook.failingSince, webhook.retryAt) = (nil, 0, nil, nil)
        try DeliveryTable.restart(of: webhook.id, at: clock.now(), in: transaction)
        try transaction.enqueue(Self.sendJob, key: webhook.id.uuid, on: queue)
    }

    private func change(
        _ call: Call, _ action: String, _ body: @escaping @Sendable (inout Webhook, Transaction) throws -> Reply
    ) async throws -> Reply {
        let (reference, scope) = (call.parameter("id"), call.scope)
        return try await call.mutate(database) { [self] transaction in
            var webhook = try find(reference, locked: true, in: transaction)
            try call.checkIfMatch(version: webhook.version)
            let before = webhook.audited
            webhook.version += 1
            let reply = try body(&webhook, transaction).tagged(version: webhook.version)
            try table.update(webhook, in: transaction)
            try record(action, webhook, before: before, after: webhook.audited, scope: scope, in: transaction)
            return reply
        }
    }

    func find(_ reference: String, locked: Bool = false, in transaction: Transaction) throws -> Webhook {
        guard let id = RowID(uuid: reference), let webhook = try table.find(id, locked: locked, in: transaction) else {
            throw Problem.notFound
        }
        return webhook
    }

    func pending(_ id: RowID, in transaction: Transaction) throws -> Int64 {
        Int64(try DeliveryTable.count(of: id, .pending, in: transaction))
    }

    private func record(
        _ action: String, _ webhook: Webhook, before: JSON?, after: JSON?, scope: Scope, in transaction: Transaction
    ) throws {
        try audit.record(
            action, target: ("webhook", webhook.id.uuid), payload: ["before": before ?? .null, "after": after ?? .null], result: .success,
            scope: scope, in: transaction)
    }

    /// Nobody subscribes to events that they may not read themselves.
    private func requireRights(to events: [String], of scope: Scope) throws(Problem) {
        for type in events { if let event = WebhookEvent.byType[type] { try scope.require(event.permission) } }
    }

    private func check(_ url: String) async throws {
        do {
            try await client.check(url)
        } catch HTTPClient.AddressFault.malformed {
            throw Problem.invalid(
                "/url", "invalid",
                LocalizedText(
                    en: "This must be an http:// or https:// address without a name and a password.",
                    fr: "Indiquez une adresse http:// ou https:// sans nom ni mot de passe."))
        } catch HTTPClient.AddressFault.refused {
            throw Problem.invalid(
                "/url", "private_address",
                LocalizedText(
                    en: "This address leads to a private network. The setting “outbound-allow” can allow it.",
                    fr: "Cette adresse mène à un réseau privé. Le réglage « outbound-allow » peut l’autoriser."))
        }
    }

    static let tooMany = Problem.conflict(
        "too_many_webhooks",
        LocalizedText(
            en: "A site has \(WebhookTable.limit) webhooks at most.", fr: "Un site compte \(WebhookTable.limit) webhooks au plus."))
    static let paused = Problem.conflict(
        "webhook_paused",
        LocalizedText(en: "This webhook is paused. Resume it first.", fr: "Ce webhook est en pause. Réactivez-le d’abord."))
}
