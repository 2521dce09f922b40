internal import Bus
package import Database
package import Jobs
package import Kernel

extension ConversationsFeature {
    static let eraseJob = "conversations.erase"
    /// Messages of one step of the job.
    private static let erasedAtOnce = 200

    /// Removes a person from every conversation, with their own data. A job erases their messages in steps, so that no transaction is long.
    ///
    /// Tombstones stay in the places of the messages.
    package func erase(_ person: UserID, in transaction: Transaction) throws {
        let now = clock.now()
        for row in try transaction.rows("SELECT conversation_id FROM members WHERE user_id = \(person)") {
            let id: ConversationID = row.id(0)
            let found = try transaction.row("SELECT \(sql: ConversationRecord.columns) FROM conversations WHERE id = \(id)")
            if let record = found.map({ ConversationRecord($0) }) {
                try remove(person, from: record, scope: Scope(), at: now, in: transaction)
            }
        }
        try transaction.execute("UPDATE conversations SET owner_id = NULL WHERE owner_id = \(person) AND kind = 'channel'")
        try eraseHidden(of: person, in: transaction)
        try eraseReactions(of: person, in: transaction)
        for table: SQL in ["read_states", "drafts"] {
            try transaction.execute("DELETE FROM \(sql: table) WHERE user_id = \(person)")
        }
        try transaction.execute("DELETE FROM mentions WHERE target_id = \(person)")
        try transaction.execute("DELETE FROM channel_overwrites WHERE target_kind = 'user' AND target_id = \(person)")
        try transaction.enqueue(Self.eraseJob, key: person.uuid, payload: ["user_id": JSON(person)], on: queue)
    }

    private func eraseReactions(of person: UserID, in transaction: Transaction) throws {
        let theirs: SQL = "(message_id, emoji) IN (SELECT message_id, emoji FROM reactions WHERE user_id = \(person))"
        try transaction.execute("DELETE FROM reaction_counts WHERE count = 1 AND \(sql: theirs)")
        try transaction.execute("UPDATE reaction_counts SET count = count - 1 WHERE \(sql: theirs)")
        try transaction.execute("DELETE FROM reactions WHERE user_id = \(person)")
    }

    package var jobs: [JobKind] {
        [
            reactionsKind, receiptsKind,
            JobKind(transactional: Self.eraseJob) { job, transaction in
                guard let person = job.payload["user_id"]?.string.flatMap({ UserID(uuid: $0) }) else { throw JobGivenUp("nobody is named") }
                return try wipeMessages(of: person, in: transaction) ? .later(clock.now()) : .done
            },
        ]
    }

    /// - Returns: whether there may be more.
    func wipeMessages(of person: UserID, in transaction: Transaction) throws -> Bool {
        let now = clock.now()
        let found = try transaction.rows(
            """
            SELECT \(sql: MessageRecord.columns) FROM messages WHERE author_id = \(person) AND deleted_at IS NULL
            ORDER BY conversation_id, seq LIMIT \(Self.erasedAtOnce)
            """
        ).map { MessageRecord($0) }
        for message in found {
            let row = try transaction.row("SELECT \(sql: ConversationRecord.columns) FROM conversations WHERE id = \(message.conversation)")
            guard let record = row.map({ ConversationRecord($0) }) else { continue }
            try wipe(message, in: record, by: nil, scope: Scope(), at: now, transaction)
        }
        return found.count == Self.erasedAtOnce
    }

    /// The most messages in an export.
    private static let exportedAtMost = 10_000

    /// The conversations, messages, drafts and reactions of a person, the newest first.
    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let conversations = try transaction.rows(
            """
            SELECT conversations.id, conversations.kind, conversations.name, members.joined_at FROM members
            JOIN conversations ON conversations.id = members.conversation_id WHERE members.user_id = \(person) ORDER BY members.joined_at
            """
        ).map { row -> JSON in
            [
                "id": JSON(row.id(0, Conversation.self)), "kind": .string(row.text(1)), "name": JSON(row.optionalText(2)),
                "joined_at": JSON(row.time(3)),
            ]
        }
        let written = try transaction.rows(
            """
            SELECT \(sql: MessageRecord.columns) FROM messages WHERE author_id = \(person) AND deleted_at IS NULL
            ORDER BY id DESC LIMIT \(Self.exportedAtMost)
            """
        ).map { MessageRecord($0) }.map { message -> JSON in
            [
                "id": JSON(message.id), "conversation_id": JSON(message.conversation),
                "content": .string(try messages.content(of: message)),
                "created_at": JSON(message.createdAt), "edited_at": JSON(message.editedAt),
            ]
        }
        let drafts = try transaction.rows("SELECT conversation_id, body_cipher, updated_at FROM drafts WHERE user_id = \(person)")
            .compactMap { row -> JSON? in
                guard let body = row.optionalBlob(1) else { return nil }
                return [
                    "conversation_id": JSON(row.id(0, Conversation.self)), "content": .string(try cipher.openDraft(body, of: person)),
                    "updated_at": JSON(row.time(2)),
                ]
            }
        let reactions = try transaction.rows(
            "SELECT message_id, emoji, reacted_at FROM reactions WHERE user_id = \(person) ORDER BY reacted_at DESC LIMIT \(Self.exportedAtMost)"
        ).map { row -> JSON in
            [
                "message_id": JSON(row.id(0, Message.self)), "emoji": .string(ReactionEmoji.shown(row.text(1))), "at": JSON(row.time(2)),
            ]
        }
        guard !conversations.isEmpty || !written.isEmpty || !drafts.isEmpty || !reactions.isEmpty else { return [:] }
        return [
            "conversations": .array(conversations), "messages": .array(written), "drafts": .array(drafts), "reactions": .array(reactions),
        ]
    }
}
