internal import Database
internal import Kernel

/// The SQL of `members`: who is in a direct or group conversation.
enum MemberTable {
    static func contains(_ user: UserID, _ conversation: ConversationID, in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 FROM members WHERE conversation_id = \(conversation) AND user_id = \(user)") != nil
    }

    /// In the order in which they joined.
    static func members(of conversation: ConversationID, in transaction: Transaction) throws -> [UserID] {
        try transaction.rows("SELECT user_id FROM members WHERE conversation_id = \(conversation) ORDER BY joined_at, user_id").map {
            $0.id(0)
        }
    }

    static func members(of conversations: [ConversationID], in transaction: Transaction) throws -> [ConversationID: [UserID]] {
        guard !conversations.isEmpty else { return [:] }
        let rows = try transaction.rows(
            """
            SELECT conversation_id, user_id FROM members WHERE conversation_id IN (SELECT value FROM json_each(\(ids: conversations)))
            ORDER BY conversation_id, joined_at, user_id
            """)
        return rows.reduce(into: [:]) { $0[$1.id(0), default: []].append($1.id(1)) }
    }

    /// - Parameter readSeq: up to where the conversation counts as read for them.
    /// - Returns: those who were not members before.
    static func add(
        _ users: [UserID], to conversation: ConversationID, readSeq: Int64, at now: Timestamp, in transaction: Transaction
    ) throws -> [UserID] {
        var added: [UserID] = []
        for user in users {
            let isNew = try transaction.execute(
                "INSERT INTO members (conversation_id, user_id, joined_at) VALUES (\(conversation), \(user), \(now)) ON CONFLICT DO NOTHING"
            )
            guard isNew == 1 else { continue }
            added.append(user)
            try transaction.execute(
                """
                INSERT INTO read_states (user_id, conversation_id, read_seq) VALUES (\(user), \(conversation), \(readSeq))
                ON CONFLICT (user_id, conversation_id) DO UPDATE SET read_seq = excluded.read_seq, closed_seq = NULL
                """)
        }
        return added
    }

    /// - Returns: whether they were a member.
    static func remove(_ user: UserID, from conversation: ConversationID, in transaction: Transaction) throws -> Bool {
        let wasMember = try transaction.execute("DELETE FROM members WHERE conversation_id = \(conversation) AND user_id = \(user)") == 1
        try transaction.execute("DELETE FROM read_states WHERE conversation_id = \(conversation) AND user_id = \(user)")
        try transaction.execute("DELETE FROM drafts WHERE conversation_id = \(conversation) AND user_id = \(user)")
        return wasMember
    }
}
