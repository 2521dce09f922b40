public import Database
public import Kernel

/// A durable event, written in the transaction of the change that it tells of and published after the commit.
///
/// Its offset is given out just before COMMIT under a lock that is held until then: offsets are in commit order on any number of nodes, without a gap, so a
/// reader "after N" never skips one.
public struct OutboxEvent: DeferredWrite {
    /// The topics that carry it; each copy has the same offset.
    public let topics: [String]
    /// `role.assigned`
    public let type: String
    /// The members beside `type`, `topic` and `position`.
    public let members: JSONObject
    public let requestID: String
    public let at: Timestamp

    public init(_ type: String, topics: [String], members: JSONObject, requestID: String, at: Timestamp) {
        (self.type, self.topics, self.members, self.requestID, self.at) = (type, topics, members, requestID, at)
    }

    public static func flush(_ writes: [any DeferredWrite], in transaction: Transaction) throws {
        let count = writes.count
        guard
            let head = try transaction.row("UPDATE outbox_head SET next_offset = next_offset + \(count) WHERE id = 1 RETURNING next_offset")
        else {
            throw DatabaseError.other(code: 0, message: "outbox_head has lost its row")
        }
        var offset = head.int64(0) - Int64(count)
        for case let event as OutboxEvent in writes {
            try transaction.execute(
                """
                INSERT INTO outbox (event_offset, topics, type, members, request_id, created_at)
                VALUES (\(offset), \(JSON.array(event.topics.map(JSON.string)).text), \(event.type), \(JSON.object(event.members).text), \(event.requestID), \(event.at))
                """)
            offset += 1
        }
    }
}

/// The tables of the outbox.
public let outboxMigrations = [
    Migration(
        "0001_outbox",
        [
            "CREATE TABLE outbox_head (id BIGINT PRIMARY KEY, next_offset BIGINT NOT NULL)",
            "INSERT INTO outbox_head (id, next_offset) VALUES (1, 1)",
            """
            CREATE TABLE outbox (event_offset BIGINT PRIMARY KEY, topics TEXT NOT NULL, type TEXT NOT NULL, members TEXT NOT NULL,
                request_id TEXT NOT NULL, created_at BIGINT NOT NULL)
            """,
            // The epoch of all durable positions: made once, so that positions hold across restarts.
            "CREATE TABLE outbox_epoch (id BIGINT PRIMARY KEY, epoch TEXT NOT NULL)",
            "CREATE INDEX outbox_created_at ON outbox (created_at)",
        ]),
    // Old events are looked for at the front, so that each new one costs an entry less.
    Migration("0008_outbox_front", ["DROP INDEX outbox_created_at"]),
]
