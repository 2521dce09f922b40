internal import Database
internal import Kernel

/// One row of `webhook_deliveries`: an event on its way to one webhook.
struct Delivery: Sendable {
    enum State: String, Sendable, CaseIterable {
        case pending, delivered, failed
        /// The author had lost the permission, or the owner resumed without it.
        case skipped
    }

    /// The `webhook-id`, the same for each attempt and each replay.
    let id: RowID
    let webhook: RowID
    let offset: Int64
    let type: String
    let body: String
    var state: State
    /// All attempts, which number the rows of `webhook_attempts`.
    var attempts: Int64
    /// Attempts since the delivery was created or replayed, which choose the next pause.
    var tries: Int64
    var nextAt: Timestamp
    var lastStatus: Int64?
    var lastMilliseconds: Int64?
    var lastError: String?
    var replayedAt: Timestamp?
    let createdAt: Timestamp
    var settledAt: Timestamp?

    /// In the order of `init(_:)`.
    static let columns: SQL = """
        id, webhook_id, event_offset, event_type, body, state, attempts, tries, next_at, last_status, last_ms, last_error, replayed_at, created_at,
        settled_at
        """

    init(_ row: Row) {
        (id, webhook, offset, type, body) = (row.id(0), row.id(1), row.int64(2), row.text(3), row.text(4))
        state = State(rawValue: row.text(5)) ?? .failed
        (attempts, tries, nextAt) = (row.int64(6), row.int64(7), row.time(8))
        (lastStatus, lastMilliseconds, lastError) = (row.optionalInt64(9), row.optionalInt64(10), row.optionalText(11))
        (replayedAt, createdAt, settledAt) = (row.optionalTime(12), row.time(13), row.optionalTime(14))
    }

    var view: JSONObject {
        [
            "id": JSON(id), "webhook_id": JSON(webhook), "type": .string(type), "state": .string(state.rawValue),
            "attempts": .integer(attempts), "next_at": state == .pending ? JSON(nextAt) : .null, "last_status": JSON(lastStatus),
            "last_ms": JSON(lastMilliseconds), "last_error": JSON(lastError), "replayed_at": JSON(replayedAt),
            "created_at": JSON(createdAt),
            "settled_at": JSON(settledAt),
        ]
    }
}

/// The tables `webhook_deliveries` and `webhook_attempts`.
enum DeliveryTable {
    /// Days that a delivery and its attempts are kept.
    static let days: Int64 = 7
    /// Deliveries of one webhook that are kept, whatever their state: the events of a busy site would fill the disk within the days.
    static let limit = 100_000

    /// Adds a delivery, unless the webhook has one of this event.
    static func add(
        _ id: RowID, to webhook: RowID, offset: Int64, type: String, body: JSON, at now: Timestamp, in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO webhook_deliveries (id, webhook_id, event_offset, event_type, body, state, attempts, tries, next_at, created_at)
            VALUES (\(id), \(webhook), \(offset), \(type), \(body.text), 'pending', 0, 0, \(now), \(now)) ON CONFLICT DO NOTHING
            """)
    }

    static func find(_ id: RowID, in transaction: Transaction) throws -> Delivery? {
        try transaction.row("SELECT \(sql: Delivery.columns) FROM webhook_deliveries WHERE id = \(id)").map(Delivery.init)
    }

    /// The first pending delivery that is due, in the order of the events.
    static func due(of webhook: RowID, at now: Timestamp, in transaction: Transaction) throws -> Delivery? {
        try transaction.row(
            """
            SELECT \(sql: Delivery.columns) FROM webhook_deliveries WHERE webhook_id = \(webhook) AND state = 'pending' AND next_at <= \(now)
            ORDER BY event_offset LIMIT 1
            """
        ).map(Delivery.init)
    }

    /// When the next pending delivery is due; nil without one.
    static func nextDue(of webhook: RowID, in transaction: Transaction) throws -> Timestamp? {
        try transaction.row("SELECT MIN(next_at) FROM webhook_deliveries WHERE webhook_id = \(webhook) AND state = 'pending'")?
            .optionalTime(0)
    }

    static func pending(in transaction: Transaction) throws -> [RowID: Int64] {
        let rows = try transaction.rows("SELECT webhook_id, COUNT(*) FROM webhook_deliveries WHERE state = 'pending' GROUP BY webhook_id")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id(0), $0.int64(1)) })
    }

    static func update(_ delivery: Delivery, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE webhook_deliveries SET state = \(delivery.state.rawValue), attempts = \(delivery.attempts), tries = \(delivery.tries),
                next_at = \(delivery.nextAt), last_status = \(delivery.lastStatus), last_ms = \(delivery.lastMilliseconds),
                last_error = \(delivery.lastError), replayed_at = \(delivery.replayedAt), settled_at = \(delivery.settledAt)
            WHERE id = \(delivery.id)
            """)
    }

    static func add(_ attempt: Attempt, of delivery: Delivery, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO webhook_attempts (delivery_id, attempt, at, status, ms, error, answer)
            VALUES (\(delivery.id), \(delivery.attempts), \(now), \(attempt.status), \(attempt.milliseconds), \(attempt.error), \(attempt.answer))
            ON CONFLICT DO NOTHING
            """)
    }

    static func attempts(of delivery: RowID, in transaction: Transaction) throws -> [JSON] {
        try transaction.rows(
            "SELECT attempt, at, status, ms, error, answer FROM webhook_attempts WHERE delivery_id = \(delivery) ORDER BY attempt DESC LIMIT 50"
        ).map { row in
            [
                "attempt": .integer(row.int64(0)), "at": JSON(row.time(1)), "status": JSON(row.optionalInt64(2)),
                "ms": .integer(row.int64(3)),
                "error": JSON(row.optionalText(4)), "answer": JSON(row.optionalText(5)),
            ]
        }
    }

    /// The newest first, older than `before`.
    static func page(
        of webhook: RowID, _ state: Delivery.State?, before: RowID, limit: Int, in transaction: Transaction
    ) throws -> [Delivery] {
        let condition: SQL = state.map { " AND state = \($0.rawValue)" } ?? ""
        return try transaction.rows(
            """
            SELECT \(sql: Delivery.columns) FROM webhook_deliveries WHERE webhook_id = \(webhook) AND id < \(before)\(sql: condition)
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map(Delivery.init)
    }

    static func count(of webhook: RowID, _ state: Delivery.State?, in transaction: Transaction) throws -> Int {
        let condition: SQL = state.map { " AND state = \($0.rawValue)" } ?? ""
        return try transaction.row("SELECT COUNT(*) FROM webhook_deliveries WHERE webhook_id = \(webhook)\(sql: condition)")?.int(0) ?? 0
    }

    /// Makes everything that waits due, in its order and with all its attempts.
    static func restart(of webhook: RowID, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE webhook_deliveries SET next_at = \(now), tries = 0 WHERE webhook_id = \(webhook) AND state = 'pending'")
    }

    /// Gives up what waits, when the owner resumes without it.
    static func skip(of webhook: RowID, at now: Timestamp, in transaction: Transaction) throws -> Int {
        try transaction.execute(
            "UPDATE webhook_deliveries SET state = 'skipped', settled_at = \(now) WHERE webhook_id = \(webhook) AND state = 'pending'")
    }

    /// The newest delivery beyond the limit of a webhook, and how many up to it are still pending; nil within the limit.
    static func excess(
        of webhook: RowID, limit: Int = DeliveryTable.limit, in transaction: Transaction
    ) throws -> (last: RowID, pending: Int)? {
        let row = try transaction.row(
            "SELECT id FROM webhook_deliveries WHERE webhook_id = \(webhook) ORDER BY id DESC LIMIT 1 OFFSET \(limit)")
        guard let last = row?.id(0, AnyEntity.self) else { return nil }
        let pending = try transaction.row(
            "SELECT COUNT(*) FROM webhook_deliveries WHERE webhook_id = \(webhook) AND state = 'pending' AND id <= \(last)")
        return (last, pending?.int(0) ?? 0)
    }

    /// Deletes up to 500 deliveries with their attempts, the oldest first.
    ///
    /// - Returns: how many.
    static func sweep(_ condition: SQL, in transaction: Transaction) throws -> Int {
        let ids = try transaction.rows("SELECT id FROM webhook_deliveries WHERE \(sql: condition) ORDER BY id LIMIT 500").map {
            $0.id(0, AnyEntity.self)
        }
        guard !ids.isEmpty else { return 0 }
        try transaction.execute("DELETE FROM webhook_attempts WHERE delivery_id IN (SELECT value FROM json_each(\(ids: ids)))")
        return try transaction.execute("DELETE FROM webhook_deliveries WHERE id IN (SELECT value FROM json_each(\(ids: ids)))")
    }
}

/// The outcome of one request.
struct Attempt: Sendable {
    /// Nil: there was no response.
    var status: Int64?
    let milliseconds: Int64
    var error: String?
    /// The start of the response's body.
    var answer: String?
    /// Seconds that the target asks to wait.
    var retryAfter: Int64?
    /// It will never succeed: the address may not be called.
    var isRefused = false

    /// Bytes of an answer that are kept.
    static let answerLength = 2000

    var isSuccess: Bool { status.map { (200..<300).contains($0) } ?? false }
    /// The target works, and refuses this event: the following events are sent meanwhile.
    var isAboutTheEvent: Bool { status.map { (400..<500).contains($0) && $0 != 408 && $0 != 410 && $0 != 429 } ?? false }
}
