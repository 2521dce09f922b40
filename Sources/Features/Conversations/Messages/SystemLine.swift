internal import Database
internal import Kernel
internal import Web

/// What the site itself says in a conversation: who came, who went, what was changed. It has no author, and is never unread.
struct SystemLine: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case groupCreated = "group_created"
        case memberAdded = "member_added"
        case memberLeft = "member_left"
        case memberRemoved = "member_removed"
        case renamed
        case iconChanged = "icon_changed"
        case messagePinned = "message_pinned"
    }

    /// The author of its row: nobody, so that it counts as nobody's.
    static let author = UserID(rawValue: 0)

    let kind: Kind
    /// Who did it; nil for the site.
    var actor: UserID?
    /// Whom it was done to.
    var user: UserID?
    /// The group's new name; nil for none.
    var name: String?
    /// The message that was pinned.
    var message: MessageID?

    init(_ kind: Kind, by actor: UserID?, to user: UserID? = nil, name: String? = nil, message: MessageID? = nil) {
        (self.kind, self.actor, self.user, self.name, self.message) = (kind, actor, user, name, message)
    }

    /// As it lies sealed in the place of a body.
    var stored: String {
        let fields: JSON = [
            "kind": .string(kind.rawValue), "actor": JSON(actor?.rawValue), "user": JSON(user?.rawValue), "name": JSON(name),
            "message": JSON(message?.rawValue),
        ]
        return fields.text
    }

    /// - Throws: `JSONError` for damage; nil for a kind that this version does not know.
    init?(stored text: String) throws {
        let fields = try JSONParser.parse(own: Array(text.utf8))
        guard let kind = fields["kind"]?.string.flatMap(Kind.init(rawValue:)) else { return nil }
        self.init(
            kind, by: fields["actor"]?.integer.map(UserID.init(rawValue:)), to: fields["user"]?.integer.map(UserID.init(rawValue:)),
            name: fields["name"]?.string, message: fields["message"]?.integer.map(MessageID.init(rawValue:)))
    }
}

extension ConversationsFeature {
    /// Writes a line in a conversation whose row the transaction holds, or takes here; it counts as read for everybody.
    ///
    /// - Returns: the conversation with it.
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

    /// - Throws: 429 where somebody has the site write too much.
    func spendLine(of reader: ConversationReader, in record: ConversationRecord) throws(Problem) {
        try budgets.spendMessage(of: reader.user, in: record.id, amongFriends: true)
    }
}

extension MessageRecord {
    static let systemKind = "system"

    /// - Throws: 409 for what the site says: nobody edits, deletes, pins it or reacts to it.
    func requireWritten() throws(Problem) {
        guard kind != Self.systemKind else { throw ConversationLimits.isSystem }
    }
}
