internal import Database
internal import Kernel

/// The SQL of `reactions` and `reaction_counts`; the counts change with the rows, under the lock of the message.
enum ReactionTable {
    /// People that an event names of each emoji.
    static let namedInEvent = 10

    /// The reactions of some messages, in the order in which each emoji came first.
    static func shown(of messages: [MessageID], for user: UserID?, in transaction: Transaction) throws -> [MessageID: [JSON]] {
        let counts = try transaction.rows(
            """
            SELECT message_id, emoji, count FROM reaction_counts
            WHERE message_id IN (SELECT value FROM json_each(\(ids: messages))) ORDER BY message_id, first_at, emoji
            """)
        guard !counts.isEmpty else { return [:] }
        let own = try user.map { user in
            try transaction.rows(
                """
                SELECT message_id, emoji FROM reactions
                WHERE message_id IN (SELECT value FROM json_each(\(ids: messages))) AND user_id = \(user)
                """)
        }
        let mine = Set((own ?? []).map { "\($0.int64(0)) \($0.text(1))" })
        return counts.reduce(into: [:]) { shown, row in
            let emoji = row.text(1)
            shown[row.id(0), default: []].append([
                "emoji": .string(ReactionEmoji.shown(emoji)), "count": .integer(row.int64(2)),
                "mine": .bool(mine.contains("\(row.int64(0)) \(emoji)")),
            ])
        }
    }

    /// The reactions as an event holds them: with the first people of each emoji, and without `mine`.
    static func told(of message: MessageID, in transaction: Transaction) throws -> JSON {
        let counts = try transaction.rows(
            "SELECT emoji, count FROM reaction_counts WHERE message_id = \(message) ORDER BY first_at, emoji")
        return .array(
            try counts.map { row in
                let users = try transaction.rows(
                    """
                    SELECT user_id FROM reactions WHERE message_id = \(message) AND emoji = \(row.text(0))
                    ORDER BY reacted_at, user_id LIMIT \(namedInEvent)
                    """)
                return [
                    "emoji": .string(ReactionEmoji.shown(row.text(0))), "count": .integer(row.int64(1)),
                    "users": .array(users.map { JSON($0.id(0, User.self)) }),
                ]
            })
    }

    static func count(of message: MessageID, in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM reaction_counts WHERE message_id = \(message)")?.int(0) ?? 0
    }

    static func contains(_ emoji: ReactionEmoji, on message: MessageID, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 FROM reaction_counts WHERE message_id = \(message) AND emoji = \(emoji.key)") != nil
    }

    /// - Returns: whether it is new.
    static func add(_ emoji: ReactionEmoji, by user: UserID, to message: MessageID, at now: Timestamp, in transaction: Transaction) throws
        -> Bool
    {
        let isNew = try transaction.execute(
            """
            INSERT INTO reactions (message_id, emoji, user_id, reacted_at) VALUES (\(message), \(emoji.key), \(user), \(now))
            ON CONFLICT DO NOTHING
            """)
        guard isNew == 1 else { return false }
        try transaction.execute(
            """
            INSERT INTO reaction_counts (message_id, emoji, count, first_at) VALUES (\(message), \(emoji.key), 1, \(now))
            ON CONFLICT (message_id, emoji) DO UPDATE SET count = reaction_counts.count + 1
            """)
        return true
    }

    /// - Returns: whether it was there.
    static func remove(_ emoji: String, by user: UserID, from message: MessageID, in transaction: Transaction) throws -> Bool {
        let wasThere = try transaction.execute(
            "DELETE FROM reactions WHERE message_id = \(message) AND emoji = \(emoji) AND user_id = \(user)")
        guard wasThere == 1 else { return false }
        // The last one takes the row with it: a count is never zero.
        let isGone = try transaction.execute(
            "DELETE FROM reaction_counts WHERE message_id = \(message) AND emoji = \(emoji) AND count = 1")
        if isGone == 0 {
            try transaction.execute(
                "UPDATE reaction_counts SET count = count - 1 WHERE message_id = \(message) AND emoji = \(emoji)")
        }
        return true
    }

    /// The reactions of other people than the author since a time, as one change: the last reaction and the number of all; null for none.
    static func added(to message: MessageRecord, since: Timestamp, in transaction: Transaction) throws -> JSON {
        let found: SQL = "FROM reactions WHERE message_id = \(message.id) AND reacted_at > \(since) AND user_id <> \(message.author)"
        let last = try transaction.row("SELECT user_id, emoji \(sql: found) ORDER BY reacted_at DESC, user_id DESC LIMIT 1")
        guard let last else { return .null }
        let count = try transaction.row("SELECT COUNT(*) \(sql: found)")?.int64(0) ?? 1
        return [
            "user_id": JSON(last.id(0, User.self)), "emoji": .string(ReactionEmoji.shown(last.text(1))), "added": true,
            "count": .integer(count),
        ]
    }

    static func removeAll(from message: MessageID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM reactions WHERE message_id = \(message)")
        try transaction.execute("DELETE FROM reaction_counts WHERE message_id = \(message)")
    }
}
