internal import Authorization
internal import Crypto
internal import Database
internal import Directory
internal import HTTP
internal import Jobs
internal import Kernel
internal import Outbound
internal import Roles
internal import Runtime

/// The job that sends the deliveries of one webhook, one at a time and in the order of the events.
///
/// While a target does not answer, its first delivery alone is tried again, with growing pauses. A target that refuses one event gets the following
/// ones meanwhile.
extension WebhooksFeature {
    static let sendJob = "webhooks.send"
    /// Deliveries of one run, after which other webhooks have their turn.
    private static let runLimit = 100
    /// Seconds for a request.
    static let requestTimeout = 15
    /// Bytes that are read of a response.
    static let responseLimit = 64 << 10

    var sender: JobKind {
        JobKind(Self.sendJob, parallel: Self.parallel) { [self] context in
            guard let id = RowID(uuid: context.job.key) else { return .done }
            for _ in 0..<Self.runLimit {
                switch try await next(of: id) {
                case .none: return .done
                case .wait(let time): return .later(time)
                case .skip(let delivery): try await skip(delivery)
                case .send(let webhook, let delivery):
                    let attempt = try await attempt(delivery, to: webhook)
                    try await settle(delivery, attempt, to: webhook.url)
                }
            }
            return .later(clock.now())
        }
    }

    private enum Step: Sendable {
        case none
        case wait(Timestamp)
        case skip(Delivery)
        case send(Webhook, Delivery)
    }

    private func next(of id: RowID) async throws -> Step {
        let now = clock.now()
        return try await database.read { [self] transaction in
            guard let webhook = try table.find(id, in: transaction), webhook.state == .active else { return .none }
            if let retryAt = webhook.retryAt, retryAt > now { return .wait(retryAt) }
            guard let delivery = try DeliveryTable.due(of: id, at: now, in: transaction) else {
                return try DeliveryTable.nextDue(of: id, in: transaction).map { .wait($0) } ?? .none
            }
            return try mayGet(delivery, webhook.author, in: transaction) ? .send(webhook, delivery) : .skip(delivery)
        }
    }

    /// Whether the author still has the rights to what is sent.
    private func mayGet(_ delivery: Delivery, _ author: UserID, in transaction: Transaction) throws -> Bool {
        guard let member = try directory.members([author], in: transaction).first, member.deletedAt == nil, !member.isDisabled,
            !member.isBanned(at: clock.now())
        else { return false }
        let rights = try roles.authorizer.rights(of: author, in: transaction)
        guard rights.can(.webhooksManage) else { return false }
        guard let event = WebhookEvent.byType[delivery.type] else { return true }
        guard rights.can(event.permission) else { return false }
        guard event.isOfMessage else { return true }
        let data = try JSONParser.parse(own: Array(delivery.body.utf8))["data"]
        guard let channel = data?["conversation_id"]?.string.flatMap({ ConversationID(uuid: $0) }) else { return false }
        return try mayReadChannel(author, channel, transaction)
    }

    private func skip(_ delivery: Delivery) async throws {
        var skipped = delivery
        (skipped.state, skipped.settledAt) = (.skipped, clock.now())
        skipped.lastError = "the author of the webhook does not have the permission"
        try await database.write { [skipped] in try DeliveryTable.update(skipped, in: $0) }
    }

    private func attempt(_ delivery: Delivery, to webhook: Webhook) async throws -> Attempt {
        let now = clock.now()
        let (body, stamp) = (Array(delivery.body.utf8), String(now.milliseconds / 1000))
        let signatures = webhook.secrets(at: now).compactMap { secret in
            WebhookSignature(secret: secret)?.sign(id: delivery.id.uuid, timestamp: stamp, body: body)
        }
        var request = HTTPClient.Request(
            "POST", webhook.url,
            headers: [
                "Content-Type": "application/json", "User-Agent": "Foyer-Webhooks/1", "webhook-id": delivery.id.uuid,
                "webhook-timestamp": stamp, "webhook-signature": signatures.joined(separator: " "),
            ], body: body, responseLimit: Self.responseLimit, timeout: Self.requestTimeout)
        request.cutsResponse = true
        let start = monotonicNanoseconds()
        func elapsed() -> Int64 { Int64((monotonicNanoseconds() - start) / 1_000_000) }
        do {
            let response = try await client.send(request)
            var attempt = Attempt(status: Int64(response.status), milliseconds: elapsed())
            attempt.answer = Self.start(of: response.body)
            if !attempt.isSuccess { attempt.error = "answered \(response.status)" }
            if response.status == 429 || response.status == 503 {
                attempt.retryAfter = response.headers["Retry-After"].flatMap { Int64($0) }
            }
            return attempt
        } catch let failure as DeliveryFailure {
            // A request that this process ended itself does not count.
            if failure.kind == .ours { throw CancellationError() }
            var attempt = Attempt(milliseconds: elapsed())
            attempt.error = failure.description
            attempt.isRefused = failure.kind == .refusedForGood
            return attempt
        }
    }

    /// The first characters of a response, where it is a text.
    private static func start(of body: [UInt8]) -> String? {
        // PostgreSQL stores no NUL. The cut may be inside a character, which then goes.
        let bytes = body.prefix(Attempt.answerLength).filter { $0 != 0 }
        return (0..<4).lazy.compactMap { String(client: bytes.dropLast($0)) }.first
    }

    /// Stores the outcome, and pauses a webhook whose target is gone or has taken nothing for a day.
    ///
    /// - Parameter address: where the request went; an edit may have changed the address since.
    private func settle(_ sent: Delivery, _ attempt: Attempt, to address: String) async throws {
        let now = clock.now()
        try await database.write { [self] transaction in
            guard var webhook = try table.find(sent.webhook, locked: true, in: transaction),
                var delivery = try DeliveryTable.find(sent.id, in: transaction), delivery.state == .pending
            else { return }
            let wasActive = webhook.state == .active
            delivery.attempts += 1
            delivery.tries += 1
            (delivery.lastStatus, delivery.lastMilliseconds, delivery.lastError) = (attempt.status, attempt.milliseconds, attempt.error)
            if attempt.isSuccess {
                (delivery.state, delivery.settledAt) = (.delivered, now)
                (webhook.failures, webhook.retryAt, webhook.failingSince) = (0, nil, nil)
            } else if webhook.url == address {
                fail(&delivery, &webhook, attempt, at: now)
            } else {
                delivery.nextAt = now
            }
            try DeliveryTable.update(delivery, in: transaction)
            try DeliveryTable.add(attempt, of: delivery, at: now, in: transaction)
            try table.updateState(of: webhook, in: transaction)
            if wasActive, let reason = webhook.pauseReason { try announcePause(of: webhook, reason, at: now, in: transaction) }
        }
    }

    private func fail(_ delivery: inout Delivery, _ webhook: inout Webhook, _ attempt: Attempt, at now: Timestamp) {
        webhook.failingSince = webhook.failingSince ?? now
        if attempt.isAboutTheEvent {
            (webhook.failures, webhook.retryAt) = (0, nil)
            delivery.nextAt = RetrySchedule.next(after: delivery.tries, retryAfter: nil, at: now)
        } else {
            webhook.failures += 1
            delivery.nextAt = RetrySchedule.next(after: webhook.failures, retryAfter: attempt.retryAfter, at: now)
            webhook.retryAt = delivery.nextAt
        }
        if delivery.tries >= RetrySchedule.attempts || attempt.isRefused { (delivery.state, delivery.settledAt) = (.failed, now) }
        // A pause by hand, while the request was on its way, keeps its reason.
        if webhook.state == .active, attempt.status == 410 { webhook.pauseReason = .gone }
        if webhook.state == .active, let since = webhook.failingSince, now >= since.adding(seconds: RetrySchedule.failingLimit) {
            webhook.pauseReason = .failing
        }
        if webhook.pauseReason != nil { webhook.retryAt = nil }
    }
}
