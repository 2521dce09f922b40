internal import Database
internal import Kernel

/// One key event.
struct AnalyticsEvent: Sendable {
    let id: RowID
    let type: String
    let user: UserID?
    let session: SessionID?
    /// At most 2 KB.
    let metadata: JSONObject
    let at: Timestamp
}

/// The tables `analytics_events` and `analytics_days`.
enum EventTable {
    /// Rows of one type that a day keeps, so that messages do not fill the disk. Further events are only counted in the windows.
    static let dailyLimit = 20_000
    private static let dayLength: Int64 = 86_400_000

    /// - Returns: whether the event is kept; false beyond the limit of its day.
    static func add(_ event: AnalyticsEvent, limit: Int = dailyLimit, in transaction: Transaction) throws -> Bool {
        let day = event.at.milliseconds.floored(to: dayLength)
        let row = try transaction.row(
            """
            INSERT INTO analytics_days (day, event_type, count) VALUES (\(day), \(event.type), 1)
            ON CONFLICT (day, event_type) DO UPDATE SET count = analytics_days.count + 1 RETURNING count
            """)
        guard let row, row.int(0) <= limit else { return false }
        try transaction.execute(
            """
            INSERT INTO analytics_events (id, event_type, user_id, session_id, metadata, created_at)
            VALUES (\(event.id), \(event.type), \(event.user), \(event.session), \(JSON.object(event.metadata).text), \(event.at))
            """)
        return true
    }

    /// Events before an id, the newest first.
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

    /// Deletes the oldest events before a time, 1000 at most.
    ///
    /// - Returns: how many.
    static func forget(before limit: Int64, in transaction: Transaction) throws -> Int {
        try transaction.execute("DELETE FROM analytics_days WHERE day < \(limit - dayLength)")
        let last = Snowflake.first(at: Timestamp(milliseconds: limit))
        return try transaction.execute(
            "DELETE FROM analytics_events WHERE id IN (SELECT id FROM analytics_events WHERE id < \(last) ORDER BY id LIMIT 1000)")
    }

    /// Keeps the events of a person without the person.
    static func erase(_ person: UserID, in transaction: Transaction) throws {
        try transaction.execute("UPDATE analytics_events SET user_id = NULL, session_id = NULL, metadata = '{}' WHERE user_id = \(person)")
    }
}
