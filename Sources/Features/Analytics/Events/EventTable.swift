internal import Database
internal import Kernel

/// One thing that happened, as statistics keep it.
struct AnalyticsEvent: Sendable {
    let id: RowID
    let type: String
    let user: UserID?
    let session: SessionID?
    /// At most 2 KB.
    let metadata: JSONObject
    let at: Timestamp
}

/// The table `analytics_events`.
enum EventTable {
    static func add(_ event: AnalyticsEvent, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO analytics_events (id, event_type, user_id, session_id, metadata, created_at)
            VALUES (\(event.id), \(event.type), \(event.user), \(event.session), \(JSON.object(event.metadata).text), \(event.at))
            """)
    }

    /// The newest first, those before an id.
    static func page(_ condition: SQL, before id: RowID, limit: Int, in transaction: Transaction) throws -> [AnalyticsEvent] {
        try transaction.rows(
            """
            SELECT id, event_type, user_id, session_id, metadata, created_at FROM analytics_events
            WHERE \(sql: condition) AND id < \(id) ORDER BY id DESC LIMIT \(limit)
            """
        ).map { row in
            AnalyticsEvent(
                id: row.id(0), type: row.text(1), user: row.optionalID(2), session: row.optionalID(3),
                metadata: try JSONParser.parse(own: Array(row.text(4).utf8)).object ?? [:], at: row.time(5))
        }
    }

    static func count(_ condition: SQL, in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM analytics_events WHERE \(sql: condition)")?.int(0) ?? 0
    }

    static func forget(before limit: Int64, in transaction: Transaction) throws -> Int {
        let last = (limit - Snowflake.epochMilliseconds) << 22
        return try transaction.execute(
            "DELETE FROM analytics_events WHERE id IN (SELECT id FROM analytics_events WHERE id < \(last) ORDER BY id LIMIT 1000)")
    }

    /// What a person did stays as something that somebody did.
    static func erase(_ person: UserID, in transaction: Transaction) throws {
        try transaction.execute("UPDATE analytics_events SET user_id = NULL, session_id = NULL, metadata = '{}' WHERE user_id = \(person)")
    }
}
