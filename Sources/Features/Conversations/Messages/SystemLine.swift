internal import Database
internal import Kernel
internal import Web

/// The content of a system message: somebody joined or left, something was changed. It never counts as unread.
struct SystemLine: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case groupCreated = "group_created"
        case memberAdded = "member_added"
        case memberLeft = "member_left"
        case memberRemoved = "member_removed"
        case renamed
        case iconChanged = "icon_changed"
        case messagePinned = "message_pinned"
        case callEnded = "call_ended"
        case callMissed = "call_missed"
        case callDeclined = "call_declined"
        case callCancelled = "call_cancelled"
        case callBusy = "call_busy"
    }

    /// The author in its row: nobody.
    static let author = UserID(rawValue: 0)

    let kind: Kind
    /// The person who acted; nil for the site.
    var actor: UserID?
    /// The person who was added or removed.
    var user: UserID?
    /// The group's new name; nil for none.
    var name: String?
    /// The message that was pinned.
    var message: MessageID?
    /// How long a call lasted.
    var seconds: Int64?

    init(_ kind: Kind, by actor: UserID?, to user: UserID? = nil, name: String? = nil, message: MessageID? = nil, seconds: Int64? = nil) {
        (self.kind, self.actor, self.user, self.name, self.message) = (kind, actor, user, name, message)
        self.seconds = seconds
    }

    /// As it is stored, encrypted, as the body.
    var stored: String {
        let fields: JSON = [
            "kind": .string(kind.rawValue), "actor": JSON(actor?.rawValue), "user": JSON(user?.rawValue), "name": JSON(name),
            "message": JSON(message?.rawValue), "seconds": JSON(seconds),
        ]
        return fields.text
    }

    /// - Throws: `JSONError` for damage; nil for a kind that this version does not know.
    init?(stored text: String) throws {
        let fields = try JSONParser.parse(own: Array(text.utf8))
        guard let kind = fields["kind"]?.string.flatMap(Kind.init(rawValue:)) else { return nil }
        self.init(
            kind, by: fields["actor"]?.integer.map(UserID.init(rawValue:)), to: fields["user"]?.integer.map(UserID.init(rawValue:)),
            name: fields["name"]?.string, message: fields["message"]?.integer.map(MessageID.init(rawValue:)),
            seconds: fields["seconds"]?.integer)
    }
}

extension ConversationsFeature {
    /// Writes a system message. It locks the row of the conversation.
    ///
    /// - Returns: the conversation with its new last message.
    @discardableResult
    func say(_ line: SystemLine, in record: ConversationRecord, scope: Scope, at now: Timestamp, _ transaction: Transaction) throws
        -> ConversationRecord
    {
        let access = ConversationAccess(record: record, permissions: PermissionSet())
        var message = try place(in: access, broadcasts: false, by: SystemLine.author, hash: [], in: transaction)
        message.kind = MessageRecord.systemKind
        message = try insert(message, line.stored, nil, in: transaction)
        try transaction.execute("INSERT INTO message_gaps (conversation_id, seq) VALUES (\(record.id), \(message.seq))")
        try transaction.execute("UPDATE conversations SET gap_count = gap_count + 1 WHERE id = \(record.id)")
        let view = try messages.view(message, for: Scope(), at: now, in: transaction)
        try tellMessage("message.created", ["message": .object(view)], in: record, scope: scope, at: now, transaction)
        var record = record
        (record.lastSeq, record.lastMessageID, record.gapCount) = (message.seq, message.id, record.gapCount + 1)
        return record
    }

    /// - Throws: 429 when somebody causes too many system messages.
    func spendLine(of reader: ConversationReader, in record: ConversationRecord) throws(Problem) {
        try budgets.spendMessage(of: reader.user, in: record.id, amongFriends: true)
    }
}

extension MessageRecord {
    static let systemKind = "system"

    /// - Throws: 409 for a system message, which cannot be edited, deleted, pinned or reacted to.
    func requireWritten() throws(Problem) {
        guard kind != Self.systemKind else { throw ConversationLimits.isSystem }
    }
}
