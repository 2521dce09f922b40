internal import Authorization
package import Bus
package import Database
internal import Directory
internal import Friends
package import Kernel
internal import Notifications
internal import Roles

/// Creates the notifications of messages, mentions and reactions: a consumer of the feature's own events, after their commit.
///
/// In a channel only people whom a message names get one. A mention of a role or of everybody counts as a mention; thousands of members would be
/// thousands of notifications.
extension ConversationsFeature {
    package var consumers: [Consumer] {
        [
            Consumer(
                "conversations.notifications", types: ["message.created", "message.deleted", "reaction.changed", "read.updated"],
                batch: 50
            ) { records, transaction in
                guard tellsOfMessages() else { return }
                for record in records { try follow(record, in: transaction) }
            },
            Consumer("conversations.receipts", types: ["privacy.updated"], batch: 50) { records, transaction in
                for record in records { try hideReceipts(record, in: transaction) }
            },
        ]
    }

    private func follow(_ record: OutboxRecord, in transaction: Transaction) throws {
        let request = record.members["request_id"]?.string ?? ""
        switch record.type {
        case "message.created": try notifyOfMessage(record.members["message"], request, in: transaction)
        case "message.deleted": try removeDeleted(record.members["message"], request, in: transaction)
        case "reaction.changed": try notifyOfReaction(record.members, request, in: transaction)
        default: try closeRead(record, request, in: transaction)
        }
    }

    static func notificationKey(_ kind: String, _ conversation: ConversationID) -> String { "\(kind):\(conversation)" }

    func conversation(_ id: ConversationID, in transaction: Transaction) throws -> ConversationRecord? {
        try transaction.row("SELECT \(sql: ConversationRecord.columns) FROM conversations WHERE id = \(id) AND deleted_at IS NULL").map {
            ConversationRecord($0)
        }
    }

    private func message(_ told: JSON?, in transaction: Transaction) throws -> (MessageRecord, ConversationRecord)? {
        guard let id = told?["id"]?.string.flatMap({ MessageID(uuid: $0) }), let message = try MessageTable.message(id, in: transaction),
            let record = try conversation(message.conversation, in: transaction)
        else { return nil }
        return (message, record)
    }

    /// Leaves out people who have read the message by now, muted the conversation, or want fewer notifications of it (`notify`).
    private func notifyOfMessage(_ told: JSON?, _ request: String, in transaction: Transaction) throws {
        guard let (message, record) = try message(told, in: transaction), !message.isDeleted, message.kind != MessageRecord.systemKind
        else { return }
        let named = Set(message.targets.users)
        let readers = record.isChannel ? named.sorted() : try MemberTable.members(of: record.id, in: transaction)
        let now = clock.now()
        let text = try excerpt(of: message, in: transaction)
        for user in readers where user != message.author {
            guard let reader = try reader(of: user, record, in: transaction) else { continue }
            let state = try reader.state(in: record.id, transaction)
            let isNamed = named.contains(user) || message.targets.everyone && !record.isChannel
            guard (state.readSeq ?? 0) < message.seq, state.notify != "nothing", !state.isMuted(at: now),
                isNamed || state.notify == "all"
            else { continue }
            let kind = isNamed ? "message.mention" : "message.direct"
            try centre.notify(
                NotificationDraft(
                    to: user, kind: kind, groupKey: Self.notificationKey(kind, record.id), actor: message.author,
                    url: Self.url(of: record, message), arguments: ["place": JSON(record.name), "text": .string(text)], requestID: request),
                in: transaction)
        }
    }

    /// Whether a person may read a channel with their current rights; false for a direct conversation or a group.
    package func mayRead(_ id: ConversationID, by user: UserID, in transaction: Transaction) throws -> Bool {
        guard let record = try conversation(id, in: transaction), record.isChannel else { return false }
        return try reader(of: user, record, in: transaction) != nil
    }

    /// With the rights of this moment; nil for somebody who cannot read it any more.
    private func reader(of user: UserID, _ record: ConversationRecord, in transaction: Transaction) throws -> ConversationReader? {
        let rights = try roles.authorizer.rights(of: user, in: transaction)
        let reader = try ConversationReader(Scope(userID: user, permissions: rights.permissions, isOwner: rights.isOwner), rights)
        do {
            _ = try reader.access(record.id, in: transaction)
            return reader
        } catch let problem as Problem where problem.status == 404 {
            return nil
        }
    }

    private static func url(of record: ConversationRecord, _ message: MessageRecord) -> String {
        "/\(record.isChannel ? "channels" : "direct")/\(record.id)?at=\(message.id)"
    }

    /// A notification of a deleted message changes to the last unread message that is left, or is removed without one.
    private func removeDeleted(_ told: JSON?, _ request: String, in transaction: Transaction) throws {
        guard let (message, record) = try message(told, in: transaction) else { return }
        let url = Self.url(of: record, message)
        let keys = ["message.direct", "message.mention"].map { Self.notificationKey($0, record.id) }
        for told in try centre.told(groupKeys: keys, in: transaction) where told.url == url || told.isUnread && told.count > 1 {
            guard told.isUnread, let (left, count) = try lastLeft(of: told, in: record, transaction) else {
                if told.url == url || told.isUnread { try centre.remove(told, requestID: request, in: transaction) }
                continue
            }
            guard told.url == url || count < told.count else { continue }
            let text = try excerpt(of: left, in: transaction)
            let draft = NotificationDraft(
                to: told.user, kind: told.kind, groupKey: told.groupKey, actor: left.author, url: Self.url(of: record, left),
                arguments: ["place": JSON(record.name), "text": .string(text)], count: min(count, told.count), requestID: request)
            try centre.amend(told, to: draft, in: transaction)
        }
        try centre.remove(groupKey: "message.reaction:\(message.id)", of: message.author, requestID: request, in: transaction)
    }

    /// The last unread message that a notification still stands for, and how many there are; none of people whom its owner blocks.
    private func lastLeft(of told: ToldNotification, in record: ConversationRecord, _ transaction: Transaction) throws
        -> (MessageRecord, count: Int)?
    {
        let readSeq =
            try transaction.row("SELECT read_seq FROM read_states WHERE user_id = \(told.user) AND conversation_id = \(record.id)")?
            .int64(0) ?? 0
        let found: SQL
        if told.kind == "message.mention" {
            let everybody: SQL = record.isChannel ? "" : "0, "
            found = """
                SELECT DISTINCT seq FROM mentions WHERE target_id IN (\(sql: everybody)\(told.user)) AND conversation_id = \(record.id)
                    AND seq > \(readSeq) AND author_id <> \(told.user)
                """
        } else {
            let members = try MemberTable.members(of: record.id, in: transaction)
            let others = try friendships.blocked(among: members, by: told.user, in: transaction).union([told.user, SystemLine.author])
            found = """
                SELECT seq FROM messages WHERE conversation_id = \(record.id) AND seq > \(readSeq) AND deleted_at IS NULL
                    AND author_id NOT IN (SELECT value FROM json_each(\(ids: others.sorted()))) ORDER BY seq DESC LIMIT \(told.count)
                """
        }
        guard let row = try transaction.row("SELECT COUNT(*), MAX(seq) FROM (\(sql: found)) AS found"), row.int(0) > 0 else { return nil }
        let message = try transaction.row(
            "SELECT \(sql: MessageRecord.columns) FROM messages WHERE conversation_id = \(record.id) AND seq = \(row.int64(1))")
        return message.map { (MessageRecord($0), row.int(0)) }
    }

    private func notifyOfReaction(_ members: JSONObject, _ request: String, in transaction: Transaction) throws {
        guard let (message, record) = try message(["id": members["message_id"] ?? .null], in: transaction) else { return }
        let key = "message.reaction:\(message.id)"
        if try ReactionTable.count(of: message.id, in: transaction) == 0 {
            return try centre.remove(groupKey: key, of: message.author, requestID: request, in: transaction)
        }
        guard let change = members["change"], change["added"] == true, let actor = change["user_id"]?.string.flatMap({ UserID(uuid: $0) }),
            message.author != actor, let reader = try reader(of: message.author, record, in: transaction)
        else {
            return
        }
        let state = try reader.state(in: record.id, transaction)
        guard state.notify == "all", !state.isMuted(at: clock.now()) else { return }
        try centre.notify(
            NotificationDraft(
                to: message.author, kind: "message.reaction", groupKey: key, actor: actor, url: Self.url(of: record, message),
                arguments: ["place": JSON(record.name), "emoji": change["emoji"] ?? .null],
                count: Int(change["count"]?.integer ?? 1), requestID: request), in: transaction)
    }

    /// Closes the notifications of a conversation once its person has read it, on whatever device.
    private func closeRead(_ record: OutboxRecord, _ request: String, in transaction: Transaction) throws {
        guard let user = record.recipients.first, let id = record.members["conversation_id"]?.string.flatMap({ ConversationID(uuid: $0) })
        else { return }
        if record.members["mentions"] == 0 {
            try centre.close(groupKey: Self.notificationKey("message.mention", id), of: user, requestID: request, in: transaction)
        }
        if record.members["unread"] == 0 {
            try centre.close(groupKey: Self.notificationKey("message.direct", id), of: user, requestID: request, in: transaction)
        }
    }
}
