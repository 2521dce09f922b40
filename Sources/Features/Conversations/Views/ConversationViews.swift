internal import Database
internal import Friends
internal import Kernel

/// Conversations as the API shows them, with one query of each kind for all of them.
struct ConversationViews: Sendable {
    let cards: UserCards
    let messages: MessageViews

    func views(_ conversations: [ConversationAccess], for reader: ConversationReader, at now: Timestamp, in transaction: Transaction) throws
        -> [JSON]
    {
        let members = try MemberTable.members(of: conversations.filter { !$0.record.isChannel }.map(\.id), in: transaction)
        let people = try cards.cards(of: members.values.flatMap { $0 }, for: reader.scope, at: now, in: transaction)
        let states = try reader.states(in: conversations.map(\.id), transaction)
        let newest = try MessageTable.messages(
            conversations.filter { $0.record.lastSeq > 0 }.map(\.record.lastMessageID), in: transaction)
        let shown = try messages.views(newest, for: reader.scope, at: now, in: transaction)
        let last = Dictionary(zip(newest.map(\.conversation), shown), uniquingKeysWith: { first, _ in first })
        return conversations.map { access in
            let state = states[access.id] ?? ReadingState()
            var view = Self.shared(access.record, members: members[access.id] ?? [], people: people)
            view.append("last_message", last[access.id].map { .object($0) } ?? .null)
            view.append("unread", JSON(state.unread))
            view.append("mentions", .integer(state.mentions))
            view.append("read_seq", JSON(state.readSeq))
            view.append("notify", .string(state.notify))
            view.append("muted_until", JSON(state.mutedUntil))
            view.append("permissions", .array(access.permissions.keys.map { .string($0) }))
            return .object(view)
        }
    }

    func view(_ access: ConversationAccess, for reader: ConversationReader, at now: Timestamp, in transaction: Transaction) throws -> JSON {
        try views([access], for: reader, at: now, in: transaction)[0]
    }

    /// The members that are the same for every reader, as events hold them.
    func shared(_ record: ConversationRecord, at now: Timestamp, in transaction: Transaction) throws -> JSONObject {
        let members = record.isChannel ? [] : try MemberTable.members(of: record.id, in: transaction)
        return Self.shared(record, members: members, people: try cards.cards(of: members, for: Scope(), at: now, in: transaction))
    }

    private static func shared(_ record: ConversationRecord, members: [UserID], people: [UserID: JSON]) -> JSONObject {
        [
            "id": JSON(record.id), "kind": .string(record.kind.rawValue), "name": JSON(record.name), "topic": JSON(record.topic),
            "icon_url": JSON(record.iconURL), "owner_id": JSON(record.ownerID), "members": .array(members.compactMap { people[$0] }),
            "member_count": JSON(members.count), "category_id": JSON(record.categoryID), "visibility": .string(record.visibility.rawValue),
            "slow_mode_s": .integer(record.slowMode), "read_only": .bool(record.isReadOnly), "announcement": .bool(record.isAnnouncement),
            "position": .integer(record.place), "last_seq": .integer(record.lastSeq), "gaps": .integer(record.gapCount),
            "broadcasts": .integer(record.broadcastCount), "version": .integer(record.version),
        ]
    }
}
