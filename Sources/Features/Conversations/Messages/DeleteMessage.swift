internal import Audit
internal import Database
internal import Files
internal import Kernel
internal import Web

extension ConversationsFeature {
    /// `DELETE /messages/{id}`: by its author, or with `chat.moderate` in a channel; a tombstone stays.
    func deleteMessage(_ call: Call) async throws -> Reply {
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await call.mutate(database) { transaction in
            let (message, access) = try reader.message(reference, locked: true, in: transaction)
            try message.requireWritten()
            if message.author != reader.user { try access.require(.chatModerate) }
            guard !message.isDeleted else { return .noContent }
            if message.author != reader.user {
                try audit.record(
                    "message.delete", target: ("message", message.id.uuid),
                    payload: ["before": ["conversation_id": JSON(access.id), "author_id": JSON(message.author)], "after": [:]],
                    result: .success, scope: reader.scope, in: transaction)
            }
            try wipe(message, in: access.record, by: reader.user, scope: reader.scope, at: now, transaction)
            return .noContent
        }
    }

    /// Deletes the content of a message: body, versions, reactions, mentions, files, search terms. Place, author and time stay.
    func wipe(
        _ message: MessageRecord, in record: ConversationRecord, by user: UserID?, scope: Scope, at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        var message = message
        try index.remove(try messages.content(of: message), of: message, in: transaction)
        let wasBroadcast = message.targets.everyone
        (message.body, message.targets, message.pinnedAt) = (nil, MessageTargets(), nil)
        (message.deletedAt, message.deletedBy, message.version) = (now, user, message.version + 1)
        try MessageTable.update(message, in: transaction)
        try MessageTable.setMentions(message, in: transaction)
        try ReactionTable.removeAll(from: message.id, in: transaction)
        try files.removeFiles(of: message.id, in: transaction)
        try transaction.execute("DELETE FROM message_edits WHERE message_id = \(message.id)")
        try transaction.execute(
            """
            INSERT INTO message_gaps (conversation_id, seq) VALUES (\(message.conversation), \(message.seq)) ON CONFLICT DO NOTHING
            """)
        try transaction.execute(
            """
            UPDATE conversations SET gap_count = gap_count + 1, broadcast_count = broadcast_count - \(wasBroadcast ? 1 : 0)
            WHERE id = \(message.conversation)
            """)
        try tellUpdated(message, "message.deleted", in: record, scope: scope, at: now, transaction)
    }
}
