internal import Database
internal import Kernel
internal import Web

/// The part of a conversation that a request asks for.
struct MessageWindow: Sendable {
    enum Anchor: Sendable {
        case newest
        case before(MessageID)
        case after(MessageID)
        case around(MessageID)
        case aroundPlace(Int64)
        /// The messages around the first one since this time.
        case at(Timestamp)
    }

    let anchor: Anchor
    let limit: Int

    init(_ call: Call) throws(Problem) {
        var query = try call.query
        var anchors: [Anchor] = []
        let texts = ["before", "after", "around"].map { ($0, query.string($0, maximum: 100)) }
        for (name, text) in texts {
            guard let text else { continue }
            guard let id = MessageID(uuid: text) else {
                query.fail(name, "invalid", LocalizedText(en: "The id of a message is expected.", fr: "L’id d’un message est attendu."))
                continue
            }
            anchors.append(name == "before" ? .before(id) : name == "after" ? .after(id) : .around(id))
        }
        if let place = query.integer("around_seq", 1...Int.max) { anchors.append(.aroundPlace(Int64(place))) }
        if let time = query.time("at") { anchors.append(.at(time)) }
        let page = query.page()
        if anchors.count > 1 || page.cursor != nil && !anchors.isEmpty {
            query.fail("before", "exclusive", LocalizedText(en: "Name one place.", fr: "Indiquez une seule place."))
        }
        try query.finish()
        if let keys = try page.keys(2) {
            guard let isAfter = keys[0].bool, let id = keys[1].string.flatMap({ MessageID(uuid: $0) }) else {
                throw .invalid(
                    "?cursor", "invalid",
                    LocalizedText(en: "This cursor is not one of this list.", fr: "Ce curseur n’appartient pas à cette liste."))
            }
            anchors = [isAfter ? .after(id) : .before(id)]
        }
        (anchor, limit) = (anchors.first ?? .newest, page.limit)
    }

    /// The places to read, and whether the newest comes first.
    func places(in record: ConversationRecord, _ transaction: Transaction) throws -> (range: Range<Int64>, newestFirst: Bool) {
        let (end, count) = (record.lastSeq + 1, Int64(limit))
        func around(_ seq: Int64) -> Range<Int64> {
            // Near the end the page is moved back, so that it is full.
            let low = max(1, min(seq - count / 2, end - count))
            return low..<min(end, low + count)
        }
        switch anchor {
        case .newest: return (max(1, end - count)..<end, true)
        case .before(let id):
            let seq = try MessageTable.firstSeq(from: id, in: record, transaction)
            return (max(1, seq - count)..<seq, true)
        case .after(let id):
            let first = try MessageTable.firstSeq(from: MessageID(rawValue: id.rawValue + 1), in: record, transaction)
            return (first..<min(end, first + count), false)
        case .aroundPlace(let seq): return (around(min(seq, end)), true)
        case .around(let id): return (around(try MessageTable.firstSeq(from: id, in: record, transaction)), true)
        case .at(let time):
            // Ids have 41 bits for the time.
            let milliseconds = min(max(0, time.milliseconds - Snowflake.epochMilliseconds), 1 << 41 - 1)
            let id = MessageID(rawValue: milliseconds << 22)
            return (around(try MessageTable.firstSeq(from: id, in: record, transaction)), true)
        }
    }
}

extension ConversationsFeature {
    /// `GET /conversations/{id}/messages`: a part of the history, the newest first; after a message the oldest first.
    func listMessages(_ call: Call) async throws -> Reply {
        let window = try MessageWindow(call)
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await database.read { transaction in
            let access = try reader.access(reference, in: transaction)
            let (range, newestFirst) = try window.places(in: access.record, transaction)
            let order: SQL = newestFirst ? "DESC" : "ASC"
            let found = try transaction.rows(
                """
                SELECT \(sql: MessageRecord.columns) FROM messages
                WHERE conversation_id = \(access.id) AND seq >= \(range.lowerBound) AND seq < \(range.upperBound) ORDER BY seq \(sql: order)
                """
            ).map { MessageRecord($0) }
            let (hasBefore, hasAfter) = (range.lowerBound > 1, range.upperBound <= access.record.lastSeq)
            let next = (newestFirst ? hasBefore : hasAfter) ? found.last.map { Page.cursor([.bool(!newestFirst), JSON($0.id)]) } : nil
            let items = try messages.views(found, for: reader.scope, at: now, in: transaction).map { JSON.object($0) }
            return .json(
                200,
                ["items": .array(items), "next": JSON(next), "has_before": .bool(hasBefore), "has_after": .bool(hasAfter)])
        }
    }

    /// `GET /messages/{id}`
    func readMessage(_ call: Call) async throws -> Reply {
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await database.read { transaction in
            let (message, _) = try reader.message(reference, in: transaction)
            return .json(200, .object(try messages.view(message, for: reader.scope, at: now, in: transaction)))
                .tagged(version: message.version)
        }
    }

    /// `GET /messages/{id}/history`: the versions, the oldest first; empty for a tombstone.
    func readHistory(_ call: Call) async throws -> Reply {
        var query = try call.query
        let wantsTotal = query.bool("count") ?? false
        try query.finish()
        let (reader, reference) = (try await reader(call.scope), call.parameter("id"))
        return try await database.read { transaction in
            let (message, _) = try reader.message(reference, in: transaction)
            let versions = try versions(of: message, in: transaction)
            return .page(versions, next: nil, total: wantsTotal ? versions.count : nil)
        }
    }

    /// Every kept version, the current one last.
    func versions(of message: MessageRecord, in transaction: Transaction) throws -> [JSON] {
        guard !message.isDeleted else { return [] }
        let rows = try transaction.rows(
            "SELECT version, body_cipher, written_at FROM message_edits WHERE message_id = \(message.id) ORDER BY version")
        let former: [JSON] = try rows.map { row in
            ["version": .integer(row.int64(0)), "content": .string(try cipher.open(row.blob(1), of: message.id)), "at": JSON(row.time(2))]
        }
        return former + [
            [
                "version": .integer(message.version), "content": .string(try messages.content(of: message)),
                "at": JSON(message.editedAt ?? message.createdAt),
            ]
        ]
    }
}
