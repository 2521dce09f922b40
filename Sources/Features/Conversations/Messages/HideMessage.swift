package import Database
internal import Friends
package import Kernel

/// Hides a message for moderation, and restores it exactly.
extension ConversationsFeature {
    /// Turns a message into a tombstone and keeps its encrypted body in another table.
    ///
    /// - Returns: false for a message that does not exist or is deleted.
    package func hide(_ id: MessageID, by user: UserID?, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Bool {
        guard var message = try MessageTable.message(id, locked: true, in: transaction), !message.isDeleted, let body = message.body,
            let record = try conversationRecord(message.conversation, in: transaction)
        else { return false }
        try transaction.execute(
            """
            INSERT INTO hidden_messages (message_id, author_id, body_cipher, targets, pinned_at, hidden_at)
            VALUES (\(id), \(message.author), \(body), \(message.targets.stored), \(message.pinnedAt), \(now))
            """)
        try index.remove(try messages.content(of: message), of: message, in: transaction)
        let wasBroadcast = message.targets.everyone
        (message.body, message.targets, message.pinnedAt) = (nil, MessageTargets(), nil)
        (message.deletedAt, message.deletedBy, message.version) = (now, user, message.version + 1)
        try MessageTable.update(message, in: transaction)
        try MessageTable.setMentions(message, in: transaction)
        try transaction.execute(
            "INSERT INTO message_gaps (conversation_id, seq) VALUES (\(message.conversation), \(message.seq)) ON CONFLICT DO NOTHING")
        try transaction.execute(
            """
            UPDATE conversations SET gap_count = gap_count + 1, broadcast_count = broadcast_count - \(wasBroadcast ? 1 : 0)
            WHERE id = \(message.conversation)
            """)
        try tellUpdated(message, "message.deleted", in: record, scope: scope, at: now, transaction)
        return true
    }

    /// Restores a hidden message.
    ///
    /// - Returns: false for a message that is not hidden; its author may have been erased.
    package func unhide(_ id: MessageID, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Bool {
        guard var message = try MessageTable.message(id, locked: true, in: transaction),
            let row = try transaction.row("SELECT body_cipher, targets, pinned_at FROM hidden_messages WHERE message_id = \(id)"),
            let record = try conversationRecord(message.conversation, in: transaction)
        else { return false }
        (message.body, message.targets, message.pinnedAt) = (row.blob(0), MessageTargets(stored: row.text(1)), row.optionalTime(2))
        (message.deletedAt, message.deletedBy, message.version) = (nil, nil, message.version + 1)
        try MessageTable.update(message, in: transaction)
        let unmoved = try friendships.blockers(among: message.targets.users, of: message.author, in: transaction)
        try MessageTable.setMentions(message, except: unmoved, in: transaction)
        try index.add(try messages.content(of: message), of: message, in: transaction)
        try transaction.execute("DELETE FROM hidden_messages WHERE message_id = \(id)")
        try transaction.execute("DELETE FROM message_gaps WHERE conversation_id = \(message.conversation) AND seq = \(message.seq)")
        try transaction.execute(
            """
            UPDATE conversations SET gap_count = gap_count - 1, broadcast_count = broadcast_count + \(message.targets.everyone ? 1 : 0)
            WHERE id = \(message.conversation)
            """)
        try tellUpdated(message, in: record, scope: scope, at: now, transaction)
        return true
    }

    /// The state of a message; nil if it does not exist.
    package func state(of id: MessageID, in transaction: Transaction) throws -> MessageState? {
        guard let message = try MessageTable.message(id, in: transaction) else { return nil }
        let isHidden = try transaction.row("SELECT 1 FROM hidden_messages WHERE message_id = \(id)") != nil
        return MessageState(
            conversation: message.conversation, author: message.author, deletedAt: message.deletedAt, deletedBy: message.deletedBy,
            editedAt: message.editedAt, isHidden: isHidden)
    }

    /// Deletes the hidden messages of a person, with their versions and reactions.
    func eraseHidden(of person: UserID, in transaction: Transaction) throws {
        for row in try transaction.rows("SELECT message_id FROM hidden_messages WHERE author_id = \(person)") {
            let id: MessageID = row.id(0)
            try transaction.execute("DELETE FROM message_edits WHERE message_id = \(id)")
            try ReactionTable.removeAll(from: id, in: transaction)
        }
        try transaction.execute("DELETE FROM hidden_messages WHERE author_id = \(person)")
    }

    private func conversationRecord(_ id: ConversationID, in transaction: Transaction) throws -> ConversationRecord? {
        try transaction.row("SELECT \(sql: ConversationRecord.columns) FROM conversations WHERE id = \(id)").map { ConversationRecord($0) }
    }
}

/// The state of a message for moderation.
package struct MessageState: Sendable {
    package let conversation: ConversationID
    package let author: UserID
    package let deletedAt: Timestamp?
    package let deletedBy: UserID?
    package let editedAt: Timestamp?
    package let isHidden: Bool
}

/// The bodies of hidden messages.
package let hidingMigrations = [
    Migration(
        "hidden_messages",
        [
            """
            CREATE TABLE hidden_messages (message_id BIGINT PRIMARY KEY, author_id BIGINT NOT NULL, body_cipher BYTEA NOT NULL,
                targets TEXT NOT NULL, pinned_at BIGINT, hidden_at BIGINT NOT NULL)
            """,
            "CREATE INDEX hidden_messages_author ON hidden_messages (author_id)",
        ])
]
