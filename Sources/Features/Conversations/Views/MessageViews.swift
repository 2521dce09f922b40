internal import Database
internal import Friends
internal import Kernel
internal import Roles

/// Messages as the API shows them: what they need is read for all at once.
struct MessageViews: Sendable {
    let cards: UserCards
    let cipher: MessageCipher

    /// - Parameters:
    ///   - scope: who sees them; one without a person for what several people get: then no reaction is `mine`.
    func views(_ messages: [MessageRecord], for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [JSONObject] {
        guard !messages.isEmpty else { return [] }
        let replied = try MessageTable.messages(messages.filter { !$0.isDeleted }.compactMap(\.replyTo), in: transaction)
        let replies = Dictionary(replied.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let people = try cards.cards(of: messages.flatMap { [$0.author] + $0.targets.users }, for: scope, at: now, in: transaction)
        let roles = try RoleReference.summaries(of: messages.flatMap(\.targets.roles), in: transaction)
        let reactions = try ReactionTable.shown(of: messages.map(\.id), for: scope.userID, in: transaction)
        return try messages.map { message in
            [
                "id": JSON(message.id), "conversation_id": JSON(message.conversation), "seq": .integer(message.seq),
                "author_id": JSON(message.author), "author": people[message.author] ?? .null,
                "content": .string(try content(of: message)), "kind": .string(message.kind),
                "reply_to": try replyView(message, replies),
                "mentions": [
                    "users": .array(message.targets.users.compactMap { people[$0] }),
                    "roles": .array(message.targets.roles.compactMap { roles[$0] }), "everyone": .bool(message.targets.everyone),
                ],
                "reactions": .array(reactions[message.id] ?? []), "attachments": [], "pinned_at": JSON(message.pinnedAt),
                "created_at": JSON(message.createdAt), "edited_at": JSON(message.editedAt), "deleted_at": JSON(message.deletedAt),
                "version": .integer(message.version),
            ]
        }
    }

    func view(_ message: MessageRecord, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> JSONObject {
        try views([message], for: scope, at: now, in: transaction)[0]
    }

    /// Empty for a tombstone.
    func content(of message: MessageRecord) throws -> String {
        try message.body.map { try cipher.open($0, of: message.id) } ?? ""
    }

    /// What it answers, as that is now: a reply points, and copies nothing.
    private func replyView(_ message: MessageRecord, _ replies: [MessageID: MessageRecord]) throws -> JSON {
        guard let id = message.replyTo, let reply = replies[id] else { return .null }
        return [
            "id": JSON(id), "author_id": JSON(reply.author), "content": .string(try content(of: reply).cut(to: 200)),
            "deleted": .bool(reply.isDeleted),
        ]
    }
}
