package import Database
internal import Files
package import Kernel
internal import Roles
package import Sanctions

/// A message of a channel, as a filter is tried on it.
package struct ReadMessage: Sendable {
    package let id: MessageID
    package let conversation: ConversationID
    package let conversationName: String?
    package let message: FilteredMessage
}

extension ConversationsFeature {
    /// The last messages of the channels that somebody may read, the oldest first.
    package func recent(_ count: Int, for scope: Scope, in transaction: Transaction) throws -> [ReadMessage] {
        let rights = try roles.authorizer.rights(of: scope.userID, in: transaction)
        let channels = try ConversationReader(scope, rights).channels(in: transaction).map(\.record)
        let records = Dictionary(channels.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let rows = try transaction.rows(
            """
            SELECT \(sql: MessageRecord.columns) FROM messages
            WHERE conversation_id IN (SELECT value FROM json_each(\(ids: channels.map(\.id)))) AND deleted_at IS NULL AND kind <> 'system'
            ORDER BY id DESC LIMIT \(count)
            """)
        let found = rows.map { MessageRecord($0) }
        let attached = try files.attachments(of: found.map(\.id), in: transaction)
        return try found.reversed().map { message in
            let targets = message.targets
            return ReadMessage(
                id: message.id, conversation: message.conversation, conversationName: records[message.conversation]?.name,
                message: FilteredMessage(
                    by: message.author, try messages.content(of: message),
                    mentions: targets.users.count + targets.roles.count + (targets.everyone ? 1 : 0),
                    fileNames: (attached[message.id] ?? []).compactMap { $0["name"]?.string }, at: message.createdAt))
        }
    }

    /// What somebody wrote in the channels that the caller may read, the newest first.
    package func written(
        by author: UserID, from start: Timestamp, to end: Timestamp, limit: Int, for scope: Scope, in transaction: Transaction
    ) throws -> [MessageID] {
        let rights = try roles.authorizer.rights(of: scope.userID, in: transaction)
        let channels = try ConversationReader(scope, rights).channels(in: transaction).map(\.record.id)
        return try transaction.rows(
            """
            SELECT id FROM messages WHERE author_id = \(author) AND conversation_id IN (SELECT value FROM json_each(\(ids: channels)))
                AND deleted_at IS NULL AND kind <> 'system' AND id BETWEEN \(Snowflake.first(at: start)) AND \(Snowflake.first(at: end))
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map { $0.id(0) }
    }

    /// How many people and roles a text mentions.
    package func mentionCount(in text: String) -> Int {
        let targets = MentionParser.targets(in: text)
        return targets.users.count + targets.roles.count + (targets.everyone ? 1 : 0)
    }
}
