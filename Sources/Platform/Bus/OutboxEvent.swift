public import Database
public import Kernel

/// A durable event, written in the transaction of the change that it tells of and published after the commit.
///
/// Its offset is given out just before COMMIT under a lock that is held until then: offsets are in commit order on any number of nodes, without a gap, so a
/// reader "after N" never skips one.
public struct OutboxEvent: DeferredWrite {
    /// Who gets it; each copy has the same offset.
    public let audience: [Audience]
    /// `role.assigned`
    public let type: String
    /// The members beside `type`, `topic` and `position`.
    public let members: JSONObject
    public let invalidates: Invalidation
    /// Who joins and who leaves a conversation with it.
    public let membership: MembershipChange?
    public let requestID: String
    public let at: Timestamp
    /// What seals its members at rest; nil for what may lie in clear.
    private var cipher: (any EventCipher)?

    /// - Parameter invalidates: whose cached member it makes stale; an event that says nothing of people's names, rights and roles makes none.
    public init(
        _ type: String, to audience: [Audience], members: JSONObject, invalidates: Invalidation = .nobody,
        membership: MembershipChange? = nil, requestID: String, at: Timestamp
    ) {
        (self.type, self.audience, self.members, self.requestID, self.at) = (type, audience, members, requestID, at)
        (self.invalidates, self.membership) = (invalidates, membership)
    }

    /// - Parameter topics: a person's own topic names the person.
    public init(
        _ type: String, topics: [String], members: JSONObject, invalidates: Invalidation = .nobody, requestID: String, at: Timestamp
    ) {
        self.init(type, to: topics.map { .topic($0) }, members: members, invalidates: invalidates, requestID: requestID, at: at)
    }

    /// The same event, whose members are sealed while they lie in the outbox.
    public func sealed(by cipher: any EventCipher) -> OutboxEvent {
        var event = self
        event.cipher = cipher
        return event
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
            try event.insert(at: offset, in: transaction)
            offset += 1
        }
    }

    /// Waits for the place in the order of events, and keeps it until the transaction ends: what is read from then on is committed before any later event.
    ///
    /// For deferred writes of the same order, whose events tell of what they count.
    public static func lockOrder(in transaction: Transaction) throws {
        // SQLite has one writer.
        guard transaction.dialect == .postgres else { return }
        _ = try transaction.row("SELECT next_offset FROM outbox_head WHERE id = 1 FOR UPDATE")
    }

    private func insert(at offset: Int64, in transaction: Transaction) throws {
        var keys: [String] = []
        var seen: Set<String> = []
        for key in audience.flatMap(\.keys) where seen.insert(key).inserted { keys.append(key) }
        let members = JSON.object(members)
        let sealed = cipher.map { $0.seal(members.bytes, offset: offset) }
        try transaction.execute(
            """
            INSERT INTO outbox (event_offset, topics, type, members, sealed, effects, request_id, created_at)
            VALUES (\(offset), \(JSON.array(keys.map(JSON.string)).text), \(type), \(sealed == nil ? members.text : "{}"), \(sealed), \(effects),
                \(requestID), \(at))
            """)
        for start in stride(from: 0, to: keys.count, by: 100) {
            let rows = keys[start..<min(start + 100, keys.count)].map { key -> SQL in "(\(key), \(offset))" }
            try transaction.execute("INSERT INTO outbox_index (topic, event_offset) VALUES \(sql: SQL.joined(rows, separator: ", "))")
        }
        try membership?.apply(at: offset, in: transaction)
    }

    /// What it does beside being told; nil for nothing.
    private var effects: String? {
        var effects = JSONObject()
        switch invalidates {
        case .nobody: break
        case .users(let users): effects.append("invalidates", .array(users.map { JSON($0) }))
        case .everybody: effects.append("invalidates", "everybody")
        }
        if let membership { effects.append("changes_members", JSON(membership.conversation)) }
        return effects.isEmpty ? nil : JSON.object(effects).text
    }
}

extension MembershipChange {
    /// Who joins is a member from the event on, who leaves up to it.
    fileprivate func apply(at offset: Int64, in transaction: Transaction) throws {
        let audience = Audience.key(of: conversation)
        for user in leaving {
            try transaction.execute(
                """
                UPDATE audience_members SET until_offset = \(offset)
                WHERE audience = \(audience) AND user_id = \(user) AND until_offset IS NULL
                """)
        }
        for user in joining {
            try transaction.execute(
                """
                INSERT INTO audience_members (audience, user_id, since_offset) VALUES (\(audience), \(user), \(offset))
                ON CONFLICT DO NOTHING
                """)
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
    Migration(
        "outbox_consumers",
        [
            // How far each consumer of the outbox is.
            "CREATE TABLE outbox_consumers (name TEXT PRIMARY KEY, position BIGINT NOT NULL, moved_at BIGINT NOT NULL)",
            // The members of an event that does not lie in clear.
            "ALTER TABLE outbox ADD COLUMN sealed BYTEA",
        ]),
    Migration(
        "outbox_audiences",
        [
            // What an event does beside being told, as JSON; NULL for nothing.
            "ALTER TABLE outbox ADD COLUMN effects TEXT",
            // Who was a member of which audience, from which event to which, both included: replays look up the past.
            """
            CREATE TABLE audience_members (audience TEXT NOT NULL, user_id BIGINT NOT NULL, since_offset BIGINT NOT NULL,
                until_offset BIGINT CHECK (until_offset >= since_offset), PRIMARY KEY (audience, user_id, since_offset))
            """,
            "CREATE UNIQUE INDEX audience_members_now ON audience_members (audience, user_id) WHERE until_offset IS NULL",
            "CREATE INDEX audience_members_user ON audience_members (user_id, audience)",
            "CREATE INDEX audience_members_until ON audience_members (until_offset) WHERE until_offset IS NOT NULL",
        ],
        sqlite: [
            """
            CREATE TABLE outbox_index (topic TEXT NOT NULL, event_offset INTEGER NOT NULL, PRIMARY KEY (topic, event_offset))
            STRICT, WITHOUT ROWID
            """,
            """
            INSERT INTO outbox_index (topic, event_offset)
            SELECT DISTINCT json_each.value, outbox.event_offset FROM outbox, json_each(outbox.topics)
            """,
        ],
        postgres: [
            "CREATE TABLE outbox_index (topic TEXT NOT NULL, event_offset BIGINT NOT NULL, PRIMARY KEY (topic, event_offset))",
            """
            INSERT INTO outbox_index (topic, event_offset)
            SELECT DISTINCT element, event_offset FROM outbox, json_array_elements_text(topics::json) AS element
            """,
        ]),
]
