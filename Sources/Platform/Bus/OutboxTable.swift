internal import Database
internal import Kernel

/// Where committed events stay while they can be replayed: a database; in the simulation, an array.
protocol OutboxTable: Sendable {
    /// The epoch of all durable positions, made of `fresh` at the very first start, and the offset that comes next.
    func begin(fresh: String) async throws -> (epoch: String, next: Int64)
    /// The committed events after an offset, in order.
    func records(after offset: Int64, limit: Int) async throws -> [OutboxRecord]
    /// Those of one topic, or for the person whose own topic it is; nil when some of them are gone, or there are more than the limit.
    func records(of topic: String, after offset: Int64, limit: Int) async throws -> [OutboxRecord]?
    /// Who was a member of each conversation, and when, as of all that is committed.
    func memberships(of conversations: [ConversationID]) async throws -> [ConversationID: [Membership]]
    /// The last committed events, in order, as far back as a time.
    func recent(since time: Timestamp, limit: Int) async throws -> [OutboxRecord]
    /// Forgets what is older than a time, from the front, in steps that do not hold up the writer.
    func sweep(before limit: Timestamp) async throws
}

extension OutboxTable {
    func memberships(of conversations: [ConversationID]) async throws -> [ConversationID: [Membership]] { [:] }
    func recent(since time: Timestamp, limit: Int) async throws -> [OutboxRecord] { [] }
}

struct DatabaseOutbox: OutboxTable {
    let database: any Database
    var cipher: (any EventCipher)?

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
        try await database.read(.system) { try records(after: offset, limit: limit, in: $0) }
    }

    func records(of topic: String, after offset: Int64, limit: Int) async throws -> [OutboxRecord]? {
        // One snapshot: what is swept meanwhile is missing from both or from none.
        try await database.read { transaction in
            let oldest = try transaction.row("SELECT event_offset FROM outbox ORDER BY event_offset LIMIT 1")?.int64(0)
            guard let oldest, oldest <= offset + 1 else { return nil }
            let offsets = try Self.offsets(of: topic, after: offset, limit: limit + 1, in: transaction)
            guard offsets.count <= limit else { return nil }
            let list = JSON.array(offsets.map { .integer($0) }).text
            return try transaction.rows(
                """
                SELECT \(sql: Self.columns) FROM outbox WHERE event_offset IN (SELECT value FROM json_each(\(list)))
                ORDER BY event_offset
                """
            ).map { try OutboxRecord($0, cipher) }
        }
    }

    private static func offsets(of topic: String, after offset: Int64, limit: Int, in transaction: Transaction) throws -> [Int64] {
        let direct = try transaction.rows(
            "SELECT event_offset FROM outbox_index WHERE topic = \(topic) AND event_offset > \(offset) ORDER BY event_offset LIMIT \(limit)"
        ).map { $0.int64(0) }
        guard let user = Audience.owner(of: topic) else { return direct }
        let shared = try transaction.rows(
            """
            SELECT outbox_index.event_offset FROM audience_members JOIN outbox_index ON outbox_index.topic = audience_members.audience
                AND outbox_index.event_offset >= audience_members.since_offset AND outbox_index.event_offset > \(offset)
            WHERE audience_members.user_id = \(user)
                AND (audience_members.until_offset IS NULL OR outbox_index.event_offset <= audience_members.until_offset)
            LIMIT \(limit)
            """
        ).map { $0.int64(0) }
        return Set(direct + shared).sorted()
    }

    func memberships(of conversations: [ConversationID]) async throws -> [ConversationID: [Membership]] {
        try await database.read { transaction in
            var found: [ConversationID: [Membership]] = [:]
            for conversation in conversations {
                found[conversation] = try transaction.rows(
                    "SELECT user_id, since_offset, until_offset FROM audience_members WHERE audience = \(Audience.key(of: conversation))"
                ).map { Membership(user: UserID(rawValue: $0.int64(0)), since: $0.int64(1), until: $0.optionalInt64(2)) }
            }
            return found
        }
    }

    private static let columns: SQL = "event_offset, topics, type, members, request_id, created_at, sealed, effects"

    func recent(since time: Timestamp, limit: Int) async throws -> [OutboxRecord] {
        try await database.read { transaction in
            let last = try transaction.rows("SELECT \(sql: Self.columns) FROM outbox ORDER BY event_offset DESC LIMIT \(limit)")
            return try last.prefix { $0.time(5) >= time }.reversed().map { try OutboxRecord($0, cipher) }
        }
    }

    /// The committed events after an offset, in order, as a transaction sees them.
    func records(after offset: Int64, limit: Int, in transaction: Transaction) throws -> [OutboxRecord] {
        try transaction.rows(
            "SELECT \(sql: Self.columns) FROM outbox WHERE event_offset > \(offset) ORDER BY event_offset LIMIT \(limit)"
        ).map { try OutboxRecord($0, cipher) }
    }

    /// Milliseconds by which a consumer that stands still keeps events longer than they can be replayed.
    static let longestHold: Int64 = 6 * 86_400_000

    /// From the front only: an event that stays keeps all behind it, so that what is left has no gap where clocks of nodes differ.
    func sweep(before limit: Timestamp) async throws {
        var count = 0
        repeat {
            count = try await database.write { transaction in
                let front = try transaction.rows("SELECT event_offset, created_at, topics FROM outbox ORDER BY event_offset LIMIT 1000")
                // What a consumer has not read stays, but not for ever.
                let read = try ConsumerTable.read(in: transaction) ?? .max
                let end = limit.adding(milliseconds: -Self.longestHold)
                let old = front.prefix { $0.time(1) < end || $0.time(1) < limit && $0.int64(0) <= read }
                guard let first = old.first?.int64(0), let last = old.last?.int64(0) else { return 0 }
                for key in Set(try old.flatMap { try OutboxRecord.keys($0.text(2)) }).sorted() {
                    try transaction.execute("DELETE FROM outbox_index WHERE topic = \(key) AND event_offset BETWEEN \(first) AND \(last)")
                }
                try transaction.execute("DELETE FROM audience_members WHERE until_offset <= \(last)")
                return try transaction.execute("DELETE FROM outbox WHERE event_offset BETWEEN \(first) AND \(last)")
            }
        } while count == 1000
    }
}

extension OutboxRecord {
    fileprivate static func keys(_ text: String) throws -> [String] {
        try JSONParser.parse(own: Array(text.utf8)).array?.compactMap(\.string) ?? []
    }

    fileprivate init(_ row: Row, _ cipher: (any EventCipher)?) throws {
        let at = row.time(5)
        var members = try Self.members(row, cipher)
        members["request_id"] = .string(row.text(4))
        members["at"] = JSON(at)
        let effects = try row.optionalText(7).map { try JSONParser.parse(own: Array($0.utf8)) }
        let invalidates: Invalidation =
            switch effects?["invalidates"] {
            case .array(let users): .users(users.compactMap { $0.string.flatMap { UserID(uuid: $0) } })
            case .string("everybody"): .everybody
            default: .nobody
            }
        self.init(
            offset: row.int64(0), audience: Audience.read(try Self.keys(row.text(1))), type: row.text(2), members: members, at: at,
            invalidates: invalidates, changesMembers: effects?["changes_members"]?.string.flatMap { ConversationID(uuid: $0) })
    }

    /// What cannot be opened any more, since its key is lost, holds up nothing: the event says so.
    private static func members(_ row: Row, _ cipher: (any EventCipher)?) throws -> JSONObject {
        guard let sealed = row.optionalBlob(6) else { return try JSONParser.parse(own: Array(row.text(3).utf8)).object ?? [:] }
        do {
            guard let cipher else { return ["unreadable": true] }
            return try JSONParser.parse(own: cipher.open(sealed, offset: row.int64(0))).object ?? [:]
        } catch {
            return ["unreadable": true]
        }
    }
}
