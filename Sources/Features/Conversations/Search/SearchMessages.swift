internal import Database
internal import Kernel
internal import Web

extension ConversationsFeature {
    /// `GET /search/messages`: messages with all of the words that the reader may read now, the newest first.
    func searchMessages(_ call: Call) async throws -> Reply {
        var query = try call.query
        let text = query.string("q", maximum: 200)
        let conversation = query.string("conversation", maximum: 100)
        let limit = query.integer("limit", 1...50) ?? 25
        let cursor = query.string("cursor", maximum: 100)
        let before = cursor.map { MessageID(uuid: $0) } ?? MessageID(rawValue: .max)
        if before == nil {
            query.fail(
                "cursor", "invalid",
                LocalizedText(en: "This cursor is not one of this list.", fr: "Ce curseur n’appartient pas à cette liste."))
        }
        let terms = SearchTerms.terms(in: text ?? "").sorted()
        if terms.isEmpty || terms.count > Self.wordsAtMost {
            query.fail(
                "q", terms.isEmpty ? "required" : "too_many",
                LocalizedText(en: "Give 1 to \(Self.wordsAtMost) words.", fr: "Indiquez de 1 à \(Self.wordsAtMost) mots."))
        }
        try query.finish()
        let (reader, now) = (try await reader(call.scope), call.clock.now())
        return try await database.read { transaction in
            let readable = try searchable(conversation, for: reader, in: transaction)
            let found = try index.find(terms, in: readable.map(\.id), before: before ?? MessageID(rawValue: 0), limit: limit, transaction)
            let names = Dictionary(readable.map { ($0.id, $0.record) }, uniquingKeysWith: { first, _ in first })
            let records = try MessageTable.messages(found.messages, in: transaction).sorted { $0.id > $1.id }
            let views = try messages.views(records, for: reader.scope, at: now, in: transaction)
            let items = zip(records, views).map { record, view -> JSON in
                var item = view
                let place = names[record.conversation]
                item.append(
                    "conversation",
                    [
                        "id": JSON(record.conversation), "name": JSON(place?.name), "kind": .string(place?.kind.rawValue ?? ""),
                    ])
                return .object(item)
            }
            return .page(items, next: found.next?.uuid)
        }
    }

    /// Words of one question.
    static let wordsAtMost = 10

    /// - Throws: 404 for a conversation that the reader cannot read.
    private func searchable(_ reference: String?, for reader: ConversationReader, in transaction: Transaction) throws
        -> [ConversationAccess]
    {
        if let reference { return [try reader.access(reference, in: transaction)] }
        return try reader.conversations(in: transaction) + reader.channels(in: transaction)
    }
}

extension ConversationReader {
    /// Every direct conversation and group that the reader is in, whether or not it is on their list.
    func conversations(in transaction: Transaction) throws -> [ConversationAccess] {
        try transaction.rows(
            """
            SELECT \(sql: ConversationRecord.columns) FROM conversations
            JOIN members ON members.conversation_id = conversations.id AND members.user_id = \(user)
            WHERE conversations.deleted_at IS NULL
            """
        ).map { row in
            let record = ConversationRecord(row)
            return ConversationAccess(record: record, permissions: memberRights(in: record))
        }.filter { $0.can(.chatRead) }
    }
}
