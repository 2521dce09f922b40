internal import Crypto
internal import Database
internal import Kernel
internal import Outbound

/// One row of `webhooks`: an address that gets some types of events.
struct Webhook: Sendable {
    enum State: String, Sendable, CaseIterable { case active, paused }

    enum PauseReason: String, Sendable, CaseIterable {
        case byHand = "by_hand"
        /// Nothing was delivered for a day.
        case failing
        /// The target answered 410.
        case gone
    }

    let id: RowID
    var url: String
    var name: String
    var events: [String]
    var secret: String
    /// The secret before the last rotation, and until when requests are signed with it, too.
    var previous: (secret: String, until: Timestamp)?
    var pauseReason: PauseReason?
    /// The first failure after the last success.
    var failingSince: Timestamp?
    /// Failures in a row of a target that does not answer, or answers that it cannot serve.
    var failures: Int64 = 0
    /// No request before, while the target does not answer.
    var retryAt: Timestamp?
    var author: UserID
    let createdAt: Timestamp
    var version: Int64 = 1

    var state: State { pauseReason == nil ? .active : .paused }

    var eventsJSON: JSON { .array(events.map { .string($0) }) }

    /// The secrets that sign a request at this time, the new one first.
    func secrets(at now: Timestamp) -> [String] {
        guard let previous, previous.until > now else { return [secret] }
        return [secret, previous.secret]
    }

    /// What the API shows.
    func view(pending: Int64, at now: Timestamp) -> JSONObject {
        [
            "id": JSON(id), "url": .string(url), "name": .string(name), "events": eventsJSON, "state": .string(state.rawValue),
            "pause_reason": JSON(pauseReason?.rawValue), "failing_since": JSON(failingSince), "retry_at": JSON(retryAt),
            "pending": .integer(pending), "previous_until": previous.flatMap { $0.until > now ? JSON($0.until) : nil } ?? .null,
            "created_by": JSON(author), "created_at": JSON(createdAt), "version": .integer(version),
        ]
    }

    /// What the audit log keeps: of the address the host alone, since the rest is often a secret.
    var audited: JSON {
        [
            "host": JSON(HTTPClient.host(of: url)), "name": .string(name), "events": eventsJSON, "state": .string(state.rawValue),
            "pause_reason": JSON(pauseReason?.rawValue),
        ]
    }
}

/// The events that a webhook gets, without its address and its secrets.
struct WebhookSubscription: Sendable {
    let id: RowID
    let events: Set<String>
    let isActive: Bool
    let createdAt: Timestamp
}

/// The table `webhooks`.
struct WebhookTable: Sendable {
    static let limit = 200

    let cipher: FieldCipher

    private static let secretColumn = "webhooks.secret"
    private static let previousColumn = "webhooks.previous_secret"
    private static let columns: SQL = """
        id, url, name, events, secret_cipher, previous_secret_cipher, previous_until, pause_reason, failing_since, failures, retry_at, created_by,
        created_at, version
        """

    private func read(_ row: Row) throws -> Webhook {
        let id = row.id(0, AnyEntity.self)
        func open(_ sealed: [UInt8], _ column: String) throws -> String {
            String(own: try cipher.open(sealed, column: column, id: id.rawValue))
        }
        var webhook = Webhook(
            id: id, url: row.text(1), name: row.text(2), events: try Self.events(row.text(3)),
            secret: try open(row.blob(4), Self.secretColumn),
            author: row.id(11), createdAt: row.time(12))
        if let sealed = row.optionalBlob(5), let until = row.optionalTime(6) {
            webhook.previous = (try open(sealed, Self.previousColumn), until)
        }
        webhook.pauseReason = row.optionalText(7).flatMap(Webhook.PauseReason.init)
        (webhook.failingSince, webhook.failures, webhook.retryAt) = (row.optionalTime(8), row.int64(9), row.optionalTime(10))
        webhook.version = row.int64(13)
        return webhook
    }

    private static func events(_ text: String) throws -> [String] {
        try JSONParser.parse(own: Array(text.utf8)).array?.compactMap(\.string) ?? []
    }

    func all(in transaction: Transaction) throws -> [Webhook] {
        try transaction.rows("SELECT \(sql: Self.columns) FROM webhooks ORDER BY id").map(read)
    }

    func all(of author: UserID, in transaction: Transaction) throws -> [Webhook] {
        try transaction.rows("SELECT \(sql: Self.columns) FROM webhooks WHERE created_by = \(author) ORDER BY id").map(read)
    }

    static func subscriptions(in transaction: Transaction) throws -> [WebhookSubscription] {
        try transaction.rows("SELECT id, events, state, created_at FROM webhooks ORDER BY id").map { row in
            WebhookSubscription(
                id: row.id(0), events: Set(try events(row.text(1))), isActive: row.text(2) == Webhook.State.active.rawValue,
                createdAt: row.time(3))
        }
    }

    func find(_ id: RowID, locked: Bool = false, in transaction: Transaction) throws -> Webhook? {
        let lock: SQL = locked && transaction.dialect == .postgres ? "FOR UPDATE" : ""
        return try transaction.row("SELECT \(sql: Self.columns) FROM webhooks WHERE id = \(id) \(sql: lock)").map(read)
    }

    func count(in transaction: Transaction) throws -> Int { try transaction.row("SELECT COUNT(*) FROM webhooks")?.int(0) ?? 0 }

    func insert(_ webhook: Webhook, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO webhooks (id, url, name, events, secret_cipher, state, pause_reason, failures, created_by, created_at, version)
            VALUES (\(webhook.id), \(webhook.url), \(webhook.name), \(webhook.eventsJSON.text),
                \(cipher.seal(webhook.secret, column: Self.secretColumn, id: webhook.id.rawValue)), \(webhook.state.rawValue),
                \(webhook.pauseReason?.rawValue), 0, \(webhook.author), \(webhook.createdAt), \(webhook.version))
            """)
    }

    /// Writes what a person changed.
    func update(_ webhook: Webhook, in transaction: Transaction) throws {
        let previous = webhook.previous.map { cipher.seal($0.secret, column: Self.previousColumn, id: webhook.id.rawValue) }
        try transaction.execute(
            """
            UPDATE webhooks SET url = \(webhook.url), name = \(webhook.name), events = \(webhook.eventsJSON.text),
                secret_cipher = \(cipher.seal(webhook.secret, column: Self.secretColumn, id: webhook.id.rawValue)),
                previous_secret_cipher = \(previous), previous_until = \(webhook.previous?.until), created_by = \(webhook.author),
                version = \(webhook.version)
            WHERE id = \(webhook.id)
            """)
        try updateState(of: webhook, in: transaction)
    }

    /// Writes what a delivery changes: the failures of the target, and a pause.
    func updateState(of webhook: Webhook, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE webhooks SET state = \(webhook.state.rawValue), pause_reason = \(webhook.pauseReason?.rawValue),
                failing_since = \(webhook.failingSince), failures = \(webhook.failures), retry_at = \(webhook.retryAt)
            WHERE id = \(webhook.id)
            """)
    }

    func delete(_ id: RowID, in transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM webhook_attempts WHERE delivery_id IN (SELECT id FROM webhook_deliveries WHERE webhook_id = \(id))")
        try transaction.execute("DELETE FROM webhook_deliveries WHERE webhook_id = \(id)")
        try transaction.execute("DELETE FROM webhooks WHERE id = \(id)")
    }
}
