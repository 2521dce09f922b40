internal import Database
internal import Kernel
internal import Web

extension ConversationsFeature {
    /// `PUT` and `DELETE /messages/{id}/pin`: by any member of a direct or group conversation; in a channel with `chat.moderate`.
    func changePin(_ call: Call, isPinned: Bool) async throws -> Reply {
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await call.mutate(database) { transaction in
            var (message, access) = try reader.message(reference, locked: true, in: transaction)
            try access.require(access.record.isChannel ? .chatModerate : .chatWrite)
            try message.requireWritten()
            guard !message.isDeleted else { throw ConversationLimits.isDeleted }
            if (message.pinnedAt != nil) != isPinned {
                if isPinned {
                    try requireMayWrite(reader.user, in: access.record, transaction)
                    try spendLine(of: reader, in: access.record)
                    try requireRoomForPin(access, in: transaction)
                }
                (message.pinnedAt, message.version) = (isPinned ? now : nil, message.version + 1)
                try MessageTable.update(message, in: transaction)
                try tellUpdated(message, in: access.record, scope: reader.scope, at: now, transaction)
                if isPinned {
                    let line = SystemLine(.messagePinned, by: reader.user, message: message.id)
                    try say(line, in: access.record, scope: reader.scope, at: now, transaction)
                }
            }
            return .json(200, .object(try messages.view(message, for: reader.scope, at: now, in: transaction)))
        }
    }

    /// Locks the conversation, so that two pins at the same time do not pass the limit.
    private func requireRoomForPin(_ access: ConversationAccess, in transaction: Transaction) throws {
        if transaction.dialect == .postgres {
            _ = try transaction.row("SELECT 1 FROM conversations WHERE id = \(access.id) FOR NO KEY UPDATE")
        }
        let row = try transaction.row(
            "SELECT COUNT(*) FROM messages WHERE conversation_id = \(access.id) AND pinned_at IS NOT NULL")
        guard (row?.int(0) ?? 0) < ConversationLimits.pins else { throw ConversationLimits.tooManyPins }
    }

    /// `GET /conversations/{id}/pins`: the last pinned message first.
    func listPins(_ call: Call) async throws -> Reply {
        var query = try call.query
        let wantsTotal = query.bool("count") ?? false
        try query.finish()
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await database.read { transaction in
            let access = try reader.access(reference, in: transaction)
            let found = try transaction.rows(
                """
                SELECT \(sql: MessageRecord.columns) FROM messages WHERE conversation_id = \(access.id) AND pinned_at IS NOT NULL
                ORDER BY pinned_at DESC, seq DESC
                """
            ).map { MessageRecord($0) }
            let items = try messages.views(found, for: reader.scope, at: now, in: transaction).map { JSON.object($0) }
            return .page(items, next: nil, total: wantsTotal ? items.count : nil)
        }
    }
}
