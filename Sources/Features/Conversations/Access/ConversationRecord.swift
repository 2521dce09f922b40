internal import Database
internal import Kernel

/// One row of `conversations`.
struct ConversationRecord: Sendable {
    enum Kind: String, Sendable, CaseIterable { case direct, group, channel }

    enum Visibility: String, Sendable, CaseIterable { case `public`, `private` }

    let id: ConversationID
    var kind: Kind
    var name: String?
    var topic: String?
    var iconURL: String?
    var ownerID: UserID?
    var categoryID: RowID?
    var visibility: Visibility = .private
    /// Seconds between two messages of one person; 0 for none.
    var slowMode: Int64 = 0
    var isReadOnly = false
    var isAnnouncement = false
    var place: Int64 = 0
    var lastSeq: Int64 = 0
    var lastMessageID: MessageID
    /// Deleted messages, and messages that mention everybody: what clients subtract.
    var gapCount: Int64 = 0
    var broadcastCount: Int64 = 0
    var createdAt: Timestamp
    var deletedAt: Timestamp?
    var version: Int64 = 1

    /// - Parameter id: ids of messages grow from it.
    init(_ id: ConversationID, _ kind: Kind, at now: Timestamp) {
        (self.id, self.kind, createdAt, lastMessageID) = (id, kind, now, MessageID(rawValue: id.rawValue))
    }

    var isChannel: Bool { kind == .channel }

    static let columns: SQL = """
        conversations.id, conversations.kind, conversations.name, conversations.topic, conversations.icon_url, conversations.owner_id,
        conversations.category_id, conversations.visibility, conversations.slow_mode_s, conversations.read_only, conversations.announcement,
        conversations.place, conversations.last_seq, conversations.last_message_id, conversations.gap_count, conversations.broadcast_count,
        conversations.created_at, conversations.deleted_at, conversations.version
        """
    static let columnCount = 19

    init(_ row: Row) {
        id = row.id(0)
        kind = Kind(rawValue: row.text(1)) ?? .group
        (name, topic, iconURL, ownerID) = (row.optionalText(2), row.optionalText(3), row.optionalText(4), row.optionalID(5))
        (categoryID, visibility) = (row.optionalID(6), Visibility(rawValue: row.text(7)) ?? .private)
        (slowMode, isReadOnly, isAnnouncement, place) = (row.int64(8), row.bool(9), row.bool(10), row.int64(11))
        (lastSeq, lastMessageID, gapCount, broadcastCount) = (row.int64(12), row.id(13), row.int64(14), row.int64(15))
        (createdAt, deletedAt, version) = (row.time(16), row.optionalTime(17), row.int64(18))
    }
}
