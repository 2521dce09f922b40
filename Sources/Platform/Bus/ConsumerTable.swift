internal import Database
internal import Kernel

/// The SQL of `outbox_consumers`: how far each consumer is.
enum ConsumerTable {
    /// Puts consumers in the table that are new: they begin behind what is committed now.
    static func begin(_ names: [String], at now: Timestamp, in transaction: Transaction) throws {
        for name in names {
            try transaction.execute(
                """
                INSERT INTO outbox_consumers (name, position, moved_at) SELECT \(name), next_offset - 1, \(now) FROM outbox_head WHERE id = 1
                ON CONFLICT (name) DO NOTHING
                """)
        }
    }

    /// The place of a consumer, which nobody else moves until the transaction ends; nil when another process is at it.
    static func lock(_ name: String, in transaction: Transaction) throws -> Int64? {
        // SQLite has one writer anyway.
        let lock: SQL = transaction.dialect == .postgres ? "FOR UPDATE SKIP LOCKED" : ""
        return try transaction.row("SELECT position FROM outbox_consumers WHERE name = \(name) \(sql: lock)")?.int64(0)
    }

    static func move(_ name: String, to position: Int64, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("UPDATE outbox_consumers SET position = \(position), moved_at = \(now) WHERE name = \(name)")
    }

    static func positions(in transaction: Transaction) throws -> [(name: String, position: Int64)] {
        try transaction.rows("SELECT name, position FROM outbox_consumers ORDER BY name").map { ($0.text(0), $0.int64(1)) }
    }

    /// The oldest event that is there, and the last; nil for an empty outbox.
    static func bounds(in transaction: Transaction) throws -> (first: Int64, last: Int64)? {
        guard let first = try transaction.row("SELECT event_offset FROM outbox ORDER BY event_offset LIMIT 1")?.int64(0),
            let last = try transaction.row("SELECT event_offset FROM outbox ORDER BY event_offset DESC LIMIT 1")?.int64(0)
        else { return nil }
        return (first, last)
    }

    /// Up to which event everybody has read; nil when there is no consumer.
    static func read(in transaction: Transaction) throws -> Int64? {
        try transaction.row("SELECT MIN(position) FROM outbox_consumers")?.optionalInt64(0)
    }
}
