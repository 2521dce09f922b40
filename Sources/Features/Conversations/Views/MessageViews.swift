internal import Database
internal import Files
internal import Friends
internal import Kernel
internal import Roles

/// Messages as the API shows them, with one query of each kind for all of them.
struct MessageViews: Sendable {
    let cards: UserCards
    let cipher: MessageCipher
    let files: FilesFeature

    /// - Parameters:
    ///   - scope: the reader; without a person for events, in which no reaction is `mine`.
    func views(_ messages: [MessageRecord], for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [JSONObject] {
        guard !messages.isEmpty else { return [] }
        let replied = try MessageTable.messages(messages.filter { !$0.isDeleted }.compactMap(\.replyTo), in: transaction)
        let replies = Dictionary(replied.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let lines = try messages.map(line)
        let named = zip(messages, lines).flatMap { message, line in
            [line?.actor ?? message.author] + message.targets.users + (line?.user.map { [$0] } ?? [])
        }
        let people = try cards.cards(of: named, for: scope, at: now, in: transaction)
        let roles = try RoleReference.summaries(of: messages.flatMap(\.targets.roles), in: transaction)
        let live = messages.filter { !$0.isDeleted }.map(\.id)
        let reactions = try ReactionTable.shown(of: live, for: scope.userID, in: transaction)
        let attached = try files.attachments(of: live, in: transaction)
        return try zip(messages, lines).map { message, line in
            let author = line?.actor ?? message.author
            return [
                "id": JSON(message.id), "conversation_id": JSON(message.conversation), "seq": .integer(message.seq),
                "author_id": JSON(author), "author": people[author] ?? .null,
                "content": .string(try content(of: message)), "kind": .string(message.kind), "system": Self.system(line, people),
                "reply_to": try replyView(message, replies),
                "mentions": [
                    "users": .array(message.targets.users.compactMap { people[$0] }),
                    "roles": .array(message.targets.roles.compactMap { roles[$0] }), "everyone": .bool(message.targets.everyone),
                ],
                "reactions": .array(reactions[message.id] ?? []), "attachments": .array(attached[message.id] ?? []),
                "pinned_at": JSON(message.pinnedAt),
                "created_at": JSON(message.createdAt), "edited_at": JSON(message.editedAt), "deleted_at": JSON(message.deletedAt),
                "version": .integer(message.version),
            ]
        }
    }

    func view(_ message: MessageRecord, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> JSONObject {
        try views([message], for: scope, at: now, in: transaction)[0]
    }

    /// Empty for a tombstone and for a system message.
    func content(of message: MessageRecord) throws -> String {
        guard message.kind != MessageRecord.systemKind else { return "" }
        return try message.body.map { try cipher.open($0, of: message.id) } ?? ""
    }

    /// The content of a system message; nil for others.
    private func line(_ message: MessageRecord) throws -> SystemLine? {
        guard message.kind == MessageRecord.systemKind, let body = message.body else { return nil }
        return try SystemLine(stored: try cipher.open(body, of: message.id))
    }

    private static func system(_ line: SystemLine?, _ people: [UserID: JSON]) -> JSON {
        guard let line else { return .null }
        return [
            "type": .string(line.kind.rawValue), "user_id": JSON(line.user), "user": line.user.flatMap { people[$0] } ?? .null,
            "name": JSON(line.name), "message_id": JSON(line.message), "duration_s": JSON(line.seconds),
        ]
    }

    /// The message that a reply answers, as it is now.
    private func replyView(_ message: MessageRecord, _ replies: [MessageID: MessageRecord]) throws -> JSON {
        guard let id = message.replyTo, let reply = replies[id] else { return .null }
        return [
            "id": JSON(id), "author_id": JSON(reply.author), "content": .string(try content(of: reply).cut(to: 200)),
            "deleted": .bool(reply.isDeleted),
        ]
    }
}
