internal import Database
internal import Friends
internal import Kernel
internal import Sanctions
internal import Web

extension ConversationsFeature {
    /// `PATCH /messages/{id}`: by its author only; the earlier version is kept, reactions stay.
    func editMessage(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.string("content", length: 1...ConversationLimits.content, required: true)
        try input.finish()
        let content = try input.required(given)
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await call.mutate(database) { transaction in
            var (message, access) = try reader.message(reference, locked: true, in: transaction)
            try message.requireWritten()
            guard message.author == reader.user else { throw Self.notAuthor }
            try access.require(.chatWrite)
            try requireMayWrite(reader.user, in: access.record, transaction)
            try sanctions.requireNotMuted(reader.user, at: now, in: transaction)
            try requireOpen(access, at: now, in: transaction)
            guard !message.isDeleted, let body = message.body else { throw ConversationLimits.isDeleted }
            try call.checkIfMatch(version: message.version)
            if try !messages.content(of: message).hasSameBytes(as: content) {
                try keepVersion(of: message, body, in: transaction)
                try index.remove(try messages.content(of: message), of: message, in: transaction)
                try index.add(content, of: message, in: transaction)
                let couldCall = message.targets.everyone
                message.body = cipher.seal(content, of: message.id)
                message.targets = try mentions(in: content, access, reader, in: transaction)
                let hits = try filterHits(
                    in: content, message.targets, access, isNew: false, scope: reader.scope, at: now, in: transaction)
                (message.editedAt, message.version) = (now, message.version + 1)
                try MessageTable.update(message, in: transaction)
                let unmoved = try friendships.blockers(among: message.targets.users, of: reader.user, in: transaction)
                try MessageTable.setMentions(message, except: unmoved, in: transaction)
                try countBroadcast(from: couldCall, to: message, in: transaction)
                message = try follow(hits, of: message, access, scope: reader.scope, in: transaction)
                if !message.isDeleted { try tellUpdated(message, in: access.record, scope: reader.scope, at: now, transaction) }
            }
            return .json(200, .object(try messages.view(message, for: reader.scope, at: now, in: transaction)))
                .tagged(version: message.version)
        }
    }

    private static let notAuthor = Problem.forbidden(
        "not_author",
        LocalizedText(en: "A message is edited by its author alone.", fr: "Seule la personne qui a écrit un message le modifie."))

    private func keepVersion(of message: MessageRecord, _ body: [UInt8], in transaction: Transaction) throws {
        let kept = try transaction.row("SELECT COUNT(*) FROM message_edits WHERE message_id = \(message.id)")?.int(0) ?? 0
        guard kept < ConversationLimits.edits else { throw ConversationLimits.tooManyEdits }
        try transaction.execute(
            """
            INSERT INTO message_edits (message_id, version, body_cipher, written_at)
            VALUES (\(message.id), \(message.version), \(body), \(message.editedAt ?? message.createdAt))
            """)
    }

    private func countBroadcast(from couldCall: Bool, to message: MessageRecord, in transaction: Transaction) throws {
        guard couldCall != message.targets.everyone else { return }
        try transaction.execute(
            """
            UPDATE conversations SET broadcast_count = broadcast_count + \(message.targets.everyone ? 1 : -1)
            WHERE id = \(message.conversation)
            """)
    }

    /// Sends the message as it is now, without its reactions, which have an event of their own.
    func tellUpdated(
        _ message: MessageRecord, _ type: String = "message.updated", in record: ConversationRecord, scope: Scope, at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        var view = try messages.view(message, for: Scope(), at: now, in: transaction)
        view["reactions"] = nil
        try tellMessage(type, ["message": .object(view)], in: record, scope: scope, at: now, transaction)
    }
}
