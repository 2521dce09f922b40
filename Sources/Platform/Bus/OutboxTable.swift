internal import Database
internal import Kernel

/// Where committed events stay while they can be replayed: a database; in the simulation, an array.
protocol OutboxTable: Sendable {
    /// The epoch of all durable positions, made of `fresh` at the very first start, and the offset that comes next.
    func begin(fresh: String) async throws -> (epoch: String, next: Int64)
    /// The committed events after an offset, in order.
    func records(after offset: Int64, limit: Int) async throws -> [OutboxRecord]
    /// Those of one topic; nil when some of them are gone, or there are more than the limit.
    func records(of topic: String, after offset: Int64, limit: Int) async throws -> [OutboxRecord]?
    /// Forgets what is older than a time, from the front, in steps that do not hold up the writer.
    func sweep(before limit: Timestamp) async throws
}

struct DatabaseOutbox: OutboxTable {
    let database: any Database

    func begin(fresh: String) async throws -> (epoch: String, next: Int64) {
        try await database.write { transaction in
            try transaction.execute(
                "INSERT INTO outbox_epoch (id, epoch) SELECT 1, \(fresh) WHERE NOT EXISTS (SELECT 1 FROM outbox_epoch)")
            let epoch = try transaction.row("SELECT epoch FROM outbox_epoch WHERE id = 1")?.text(0)
            let next = try transaction.row("SELECT next_offset FROM outbox_head WHERE id = 1")?.int64(0)
            return (epoch ?? fresh, next ?? 1)
        }
    }

    func records(after offset: Int64, limit: Int) async throws -> [OutboxRecord] {
        try await database.read { try Self.rows(after: offset, topic: nil, limit: limit, in: $0) }
    }

    func records(of topic: String, after offset: Int64, limit: Int) async throws -> [OutboxRecord]? {
        // One snapshot: what is swept meanwhile is missing from both or from none.
        try await database.read { transaction in
            let oldest = try transaction.row("SELECT event_offset FROM outbox ORDER BY event_offset LIMIT 1")?.int64(0)
            guard let oldest, oldest <= offset + 1 else { return nil }
            let rows = try Self.rows(after: offset, topic: topic, limit: limit + 1, in: transaction)
            // Counted before the topic is compared in full, since the rows that follow were not looked at.
            return rows.count > limit ? nil : rows.filter { $0.topics.contains(topic) }
        }
    }

    /// - Parameter topic: nil for all; else also those of topics that LIKE takes for it.
    private static func rows(after offset: Int64, topic: String?, limit: Int, in transaction: Transaction) throws -> [OutboxRecord] {
        let only: SQL = topic.map { "AND topics LIKE \("%" + JSON.string($0).text + "%")" } ?? ""
        return try transaction.rows(
            """
            SELECT event_offset, topics, type, members, request_id, created_at FROM outbox
            WHERE event_offset > \(offset) \(sql: only) ORDER BY event_offset LIMIT \(limit)
            """
        ).map(OutboxRecord.init)
    }

    /// From the front only: an event that stays keeps all behind it, so that what is left has no gap where clocks of nodes differ.
    func sweep(before limit: Timestamp) async throws {
        var count = 0
        repeat {
            count = try await database.write { transaction in
                let front = try transaction.rows("SELECT event_offset, created_at FROM outbox ORDER BY event_offset LIMIT 1000")
                let old = front.prefix { $0.time(1) < limit }
                guard let first = old.first?.int64(0), let last = old.last?.int64(0) else { return 0 }
                return try transaction.execute("DELETE FROM outbox WHERE event_offset BETWEEN \(first) AND \(last)")
            }
        } while count == 1000
    }
}

extension OutboxRecord {
    fileprivate init(_ row: Row) throws {
        let at = row.time(5)
        var members = try JSONParser.parse(Array(row.text(3).utf8)).object ?? [:]
        members["request_id"] = .string(row.text(4))
        members["at"] = JSON(at)
        let topics = try JSONParser.parse(Array(row.text(1).utf8)).array?.compactMap(\.string) ?? []
        self.init(offset: row.int64(0), topics: topics, type: row.text(2), members: members, at: at)
    }
}
