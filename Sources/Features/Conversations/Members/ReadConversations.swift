internal import Database
internal import Kernel
internal import Web

extension ConversationsFeature {
    /// `GET /conversations`: the reader's direct and group conversations, the latest message first.
    func listConversations(_ call: Call) async throws -> Reply {
        var query = try call.query
        let page = query.page()
        try query.finish()
        let before = try page.key { $0.string.flatMap { MessageID(uuid: $0) } }
        let (reader, now) = (try await reader(call.scope), call.clock.now())
        return try await database.read { transaction in
            let total = page.wantsTotal ? try Self.count(of: reader, in: transaction) : nil
            let found = try ownConversations(of: reader, before: before, limit: page.limit + 1, in: transaction)
            let shown = Array(found.prefix(page.limit))
            let next = found.count > page.limit ? shown.last.map { Page.cursor([JSON($0.record.lastMessageID)]) } : nil
            return .page(try conversations.views(shown, for: reader, at: now, in: transaction), next: next, total: total)
        }
    }

    /// `GET /conversations/{id}`
    func readConversation(_ call: Call) async throws -> Reply {
        let (reader, now, reference) = (try await reader(call.scope), call.clock.now(), call.parameter("id"))
        return try await database.read { transaction in
            let access = try reader.access(reference, in: transaction)
            let view = try conversations.view(access, for: reader, at: now, in: transaction)
            return .json(200, view).tagged(version: access.record.version)
        }
    }

    /// - Parameter before: the last message of the last conversation of the previous page.
    func ownConversations(of reader: ConversationReader, before: MessageID?, limit: Int, in transaction: Transaction) throws
        -> [ConversationAccess]
    {
        let before = before ?? MessageID(rawValue: .max)
        return try transaction.rows(
            """
            SELECT \(sql: ConversationRecord.columns) FROM conversations \(sql: Self.own(reader))
                AND conversations.last_message_id < \(before)
            ORDER BY conversations.last_message_id DESC LIMIT \(limit)
            """
        ).map { row in
            let record = ConversationRecord(row)
            return ConversationAccess(record: record, permissions: reader.memberRights(in: record))
        }
    }

    private static func count(of reader: ConversationReader, in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM conversations \(sql: own(reader))")?.int(0) ?? 0
    }

    /// The conversations on the reader's list. The unique id of the last message orders them.
    private static func own(_ reader: ConversationReader) -> SQL {
        """
        JOIN members ON members.conversation_id = conversations.id AND members.user_id = \(reader.user)
        JOIN read_states ON read_states.conversation_id = conversations.id AND read_states.user_id = \(reader.user)
        WHERE conversations.deleted_at IS NULL
            AND (read_states.closed_seq IS NULL OR conversations.last_seq > read_states.closed_seq)
        """
    }

    /// `GET /unread`: conversations with unread messages, and the sums over those that are not muted.
    func listUnread(_ call: Call) async throws -> Reply {
        var query = try call.query
        try query.finish()
        let (reader, now) = (try await reader(call.scope), call.clock.now())
        return try await database.read { transaction in
            let own = try ownConversations(of: reader, before: nil, limit: 1000, in: transaction)
            let all = own + (try reader.channels(in: transaction))
            let states = try reader.states(in: all.map(\.id), transaction)
            var (unread, mentions, items): (Int64, Int64, [JSON]) = (0, 0, [])
            for access in all {
                guard let state = states[access.id], (state.unread ?? 0) > 0 || state.mentions > 0 else { continue }
                if state.notify != "nothing", !state.isMuted(at: now) {
                    if state.notify == "all", !access.record.isChannel { unread += state.unread ?? 0 }
                    mentions += state.mentions
                }
                items.append(.object(Self.standing(access.record, state)))
            }
            return .json(200, ["unread": .integer(unread), "mentions": .integer(mentions), "items": .array(items)])
        }
    }

    static func standing(_ record: ConversationRecord, _ state: ReadingState) -> JSONObject {
        [
            "conversation_id": JSON(record.id), "last_seq": .integer(record.lastSeq), "read_seq": JSON(state.readSeq),
            "unread": JSON(state.unread), "mentions": .integer(state.mentions),
        ]
    }
}
