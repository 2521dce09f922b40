internal import Database
internal import Kernel
internal import Web

extension ConversationsFeature {
    /// `GET /conversations/{id}/draft`: the reader's draft, the same on every device.
    func readDraft(_ call: Call) async throws -> Reply {
        let (reader, reference) = (try await reader(call.scope), call.parameter("id"))
        return try await database.read { transaction in
            let access = try reader.access(reference, in: transaction)
            return .json(200, .object(try draft(of: reader.user, in: access.id, transaction)))
        }
    }

    /// `PUT /conversations/{id}/draft`: with the known version, so that a late save does not bring back a sent draft.
    func writeDraft(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.string("content", length: 0...ConversationLimits.content, required: true, trimmed: false)
        let version = input.integer("version", 0...Int64.max)
        try input.finish()
        let content = try input.required(given).nfc
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await call.mutate(database) { transaction in
            let access = try reader.access(reference, in: transaction)
            let sealed = content.isEmpty ? nil : cipher.sealDraft(content, of: reader.user)
            try transaction.execute(
                """
                INSERT INTO drafts (user_id, conversation_id, body_cipher, updated_at, version)
                VALUES (\(reader.user), \(access.id), NULL, \(now), 0) ON CONFLICT DO NOTHING
                """)
            var condition: SQL = "user_id = \(reader.user) AND conversation_id = \(access.id)"
            if let version { condition = "\(sql: condition) AND version = \(version)" }
            let isWritten = try transaction.execute(
                "UPDATE drafts SET body_cipher = \(sealed), updated_at = \(now), version = version + 1 WHERE \(sql: condition)")
            guard isWritten == 1 else { throw Self.outdatedDraft }
            let draft = try draft(of: reader.user, in: access.id, transaction)
            tellDraft(draft, access.id, reader, at: now, transaction)
            return .json(200, .object(draft))
        }
    }

    private static let outdatedDraft = Problem.conflict(
        "draft_outdated",
        LocalizedText(en: "The draft was changed or sent meanwhile.", fr: "Le brouillon a été modifié ou envoyé entre-temps."))

    /// Clears the draft of a sent message. Saves with an older version are refused afterwards.
    func clearDraft(of reader: ConversationReader, in conversation: ConversationID, at now: Timestamp, _ transaction: Transaction) throws {
        let isCleared = try transaction.execute(
            """
            UPDATE drafts SET body_cipher = NULL, updated_at = \(now), version = version + 1
            WHERE user_id = \(reader.user) AND conversation_id = \(conversation) AND body_cipher IS NOT NULL
            """)
        guard isCleared == 1 else { return }
        tellDraft(try draft(of: reader.user, in: conversation, transaction), conversation, reader, at: now, transaction)
    }

    private func tellDraft(
        _ draft: JSONObject, _ conversation: ConversationID, _ reader: ConversationReader, at now: Timestamp, _ transaction: Transaction
    ) {
        var members: JSONObject = ["conversation_id": JSON(conversation)]
        for (name, value) in draft { members.append(name, value) }
        events.tellSelf("draft.updated", reader.user, members, scope: reader.scope, at: now, transaction)
    }

    private func draft(of user: UserID, in conversation: ConversationID, _ transaction: Transaction) throws -> JSONObject {
        let row = try transaction.row(
            "SELECT body_cipher, version, updated_at FROM drafts WHERE user_id = \(user) AND conversation_id = \(conversation)")
        let content = try row?.optionalBlob(0).map { try cipher.openDraft($0, of: user) } ?? ""
        return ["content": .string(content), "version": .integer(row?.int64(1) ?? 0), "updated_at": JSON(row?.time(2))]
    }
}
