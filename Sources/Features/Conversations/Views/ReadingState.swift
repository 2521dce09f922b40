internal import Database
internal import Kernel

/// The unread state of one reader in one conversation, computed from messages: a stored counter could drift.
struct ReadingState: Sendable {
    var readSeq: Int64?
    /// Nil in a channel that was never opened.
    var unread: Int64?
    var mentions: Int64 = 0
    var notify = "all"
    var mutedUntil: Timestamp?

    func isMuted(at now: Timestamp) -> Bool { mutedUntil.map { $0 > now } ?? false }
}

extension ConversationReader {
    /// `unread = last_seq − read_seq − gaps after it − own live messages after it`; mentions: messages after it that mention the reader, one of
    /// their roles or everybody.
    func states(in conversations: [ConversationID], _ transaction: Transaction) throws -> [ConversationID: ReadingState] {
        guard !conversations.isEmpty else { return [:] }
        // Without the hint SQLite scans the messages of the conversation.
        let indexed: SQL = transaction.dialect == .sqlite ? "INDEXED BY messages_author" : ""
        let targets = SQL.joined(targets.map { "\($0)" }, separator: ", ")
        let rows = try transaction.rows(
            """
            SELECT conversations.id, states.read_seq, states.notify, states.muted_until, conversations.last_seq,
                (SELECT COUNT(*) FROM message_gaps WHERE message_gaps.conversation_id = conversations.id
                    AND message_gaps.seq > states.read_seq),
                (SELECT COUNT(*) FROM messages \(sql: indexed) WHERE messages.author_id = \(user)
                    AND messages.conversation_id = conversations.id AND messages.seq > states.read_seq AND messages.deleted_at IS NULL),
                (SELECT COUNT(DISTINCT mentions.seq) FROM mentions WHERE mentions.target_id IN (\(sql: targets))
                    AND mentions.conversation_id = conversations.id AND mentions.seq > states.read_seq AND mentions.author_id <> \(user)),
                (SELECT COUNT(*) FROM mentions WHERE mentions.target_id = \(user)
                    AND mentions.conversation_id = conversations.id AND mentions.author_id <> \(user) AND states.read_seq IS NULL)
            FROM conversations
            LEFT JOIN read_states AS states ON states.user_id = \(user) AND states.conversation_id = conversations.id
            WHERE conversations.id IN (SELECT value FROM json_each(\(ids: conversations)))
            """)
        return rows.reduce(into: [:]) { states, row in
            var state = ReadingState()
            if let readSeq = row.optionalInt64(1) {
                (state.readSeq, state.notify, state.mutedUntil) = (readSeq, row.text(2), row.optionalTime(3))
                state.unread = max(0, row.int64(4) - readSeq - row.int64(5) - row.int64(6))
                state.mentions = row.int64(7)
            } else {
                state.mentions = row.int64(8)
            }
            states[row.id(0)] = state
        }
    }

    func state(in conversation: ConversationID, _ transaction: Transaction) throws -> ReadingState {
        try states(in: [conversation], transaction)[conversation] ?? ReadingState()
    }
}
