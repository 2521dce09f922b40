internal import Authorization
package import Bus
internal import Database
internal import Directory
internal import Kernel
internal import Notifications
internal import Roles

/// Tells people of messages, mentions and reactions: a consumer of the feature's own events, after they are committed.
///
/// In channels those are told whom a message names; roles and everybody are counted as mentions, without a notification for each of thousands.
extension ConversationsFeature {
    package var consumers: [Consumer] {
        [
            Consumer(
                "conversations.notifications", types: ["message.created", "message.deleted", "reaction.changed", "read.updated"],
                batch: 50
            ) { records, transaction in
                guard tellsOfMessages() else { return }
                for record in records { try follow(record, in: transaction) }
            }
        ]
    }

    private func follow(_ record: OutboxRecord, in transaction: Transaction) throws {
        let request = record.members["request_id"]?.string ?? ""
        switch record.type {
        case "message.created": try tellOfMessage(record.members["message"], request, in: transaction)
        case "message.deleted": try forgetMessage(record.members["message"], request, in: transaction)
        case "reaction.changed": try tellOfReaction(record.members, request, in: transaction)
        default: try closeRead(record, request, in: transaction)
        }
    }

    private static func key(_ kind: String, _ conversation: ConversationID) -> String { "\(kind):\(conversation)" }

    private func conversation(_ id: ConversationID, in transaction: Transaction) throws -> ConversationRecord? {
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

    /// Whoever has read it by now, muted the conversation or wants to hear of mentions alone is left out.
    private func tellOfMessage(_ told: JSON?, _ request: String, in transaction: Transaction) throws {
        guard let (message, record) = try message(told, in: transaction), !message.isDeleted else { return }
        let named = Set(message.targets.users)
        let readers = record.isChannel ? named.sorted() : try MemberTable.members(of: record.id, in: transaction)
        let now = clock.now()
        let text = try messages.content(of: message).cut(to: 140)
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
                    to: user, kind: kind, groupKey: Self.key(kind, record.id), actor: message.author,
                    url: Self.url(of: record, message), arguments: ["place": JSON(record.name), "text": .string(text)], requestID: request),
                in: transaction)
        }
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
        "/\(record.isChannel ? "channels" : "direct")/\(record.id)?message=\(message.id)"
    }

    /// What was said goes from every centre, too.
    private func forgetMessage(_ told: JSON?, _ request: String, in transaction: Transaction) throws {
        guard let (message, record) = try message(told, in: transaction) else { return }
        // A channel's are told by name, and a tombstone names nobody: what was written of it goes with its age.
        let readers = record.isChannel ? [] : try MemberTable.members(of: record.id, in: transaction)
        for user in readers where user != message.author {
            for kind in ["message.direct", "message.mention"] {
                try centre.remove(groupKey: Self.key(kind, record.id), of: user, requestID: request, in: transaction)
            }
        }
        try centre.remove(groupKey: "message.reaction:\(message.id)", of: message.author, requestID: request, in: transaction)
    }

    private func tellOfReaction(_ members: JSONObject, _ request: String, in transaction: Transaction) throws {
        guard let change = members["change"], let actor = change["user_id"]?.string.flatMap({ UserID(uuid: $0) }),
            let (message, record) = try message(["id": members["message_id"] ?? .null], in: transaction)
        else { return }
        let key = "message.reaction:\(message.id)"
        if try ReactionTable.count(of: message.id, in: transaction) == 0 {
            return try centre.remove(groupKey: key, of: message.author, requestID: request, in: transaction)
        }
        guard change["added"] == true, message.author != actor, let reader = try reader(of: message.author, record, in: transaction) else {
            return
        }
        let state = try reader.state(in: record.id, transaction)
        guard state.notify == "all", !state.isMuted(at: clock.now()) else { return }
        try centre.notify(
            NotificationDraft(
                to: message.author, kind: "message.reaction", groupKey: key, actor: actor, url: Self.url(of: record, message),
                arguments: ["place": JSON(record.name), "emoji": change["emoji"] ?? .null], requestID: request), in: transaction)
    }

    /// Read on one device, gone from the centre of all.
    private func closeRead(_ record: OutboxRecord, _ request: String, in transaction: Transaction) throws {
        guard let user = record.recipients.first, let id = record.members["conversation_id"]?.string.flatMap({ ConversationID(uuid: $0) })
        else { return }
        if record.members["mentions"] == 0 {
            try centre.close(groupKey: Self.key("message.mention", id), of: user, requestID: request, in: transaction)
        }
        if record.members["unread"] == 0 {
            try centre.close(groupKey: Self.key("message.direct", id), of: user, requestID: request, in: transaction)
        }
    }
}
