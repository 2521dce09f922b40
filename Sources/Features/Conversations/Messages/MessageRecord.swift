internal import Database
internal import Kernel

/// One row of `messages`, its body sealed.
struct MessageRecord: Sendable {
    let conversation: ConversationID
    let seq: Int64
    let id: MessageID
    let author: UserID
    var contentHash: [UInt8]
    var kind: String
    /// Encrypted; nil for a deleted message.
    var body: [UInt8]?
    var targets: MessageTargets
    var replyTo: MessageID?
    var editedAt: Timestamp?
    var deletedAt: Timestamp?
    var deletedBy: UserID?
    var pinnedAt: Timestamp?
    var reactionVersion: Int64
    var version: Int64

    var isDeleted: Bool { deletedAt != nil }
    /// Ids grow with time, so the id says when.
    var createdAt: Timestamp { id.timestamp }

    static let columns: SQL = """
        messages.conversation_id, messages.seq, messages.id, messages.author_id, messages.content_hash, messages.kind, messages.body_cipher,
        messages.targets, messages.reply_to_id, messages.edited_at, messages.deleted_at, messages.deleted_by, messages.pinned_at,
        messages.reaction_version, messages.version
        """

    init(_ row: Row) {
        (conversation, seq, id, author) = (row.id(0), row.int64(1), row.id(2), row.id(3))
        (contentHash, kind, body) = (row.blob(4), row.text(5), row.optionalBlob(6))
        targets = MessageTargets(stored: row.text(7))
        (replyTo, editedAt, deletedAt, deletedBy) = (row.optionalID(8), row.optionalTime(9), row.optionalTime(10), row.optionalID(11))
        (pinnedAt, reactionVersion, version) = (row.optionalTime(12), row.int64(13), row.int64(14))
    }

    init(_ id: MessageID, _ seq: Int64, in conversation: ConversationID, by author: UserID, hash: [UInt8]) {
        (self.id, self.seq, self.conversation, self.author, contentHash) = (id, seq, conversation, author, hash)
        (kind, targets, reactionVersion, version) = ("text", MessageTargets(), 0, 1)
    }
}

/// The mentions of a message that its author was allowed to use.
struct MessageTargets: Sendable, Hashable {
    var users: [UserID] = []
    var roles: [RoleID] = []
    var everyone = false

    init() {}

    /// The ids of people and roles behind each other; 0 for everybody.
    var ids: [Int64] { (everyone ? [0] : []) + users.map(\.rawValue) + roles.map(\.rawValue) }

    var isEmpty: Bool { !everyone && users.isEmpty && roles.isEmpty }

    /// `users;roles;everyone`: numbers apart by commas.
    var stored: String {
        let lists = [users.map(\.rawValue), roles.map(\.rawValue), everyone ? [1] : []]
        return JSON.array(lists.map { .array($0.map { .integer($0) }) }).text
    }

    init(stored text: String) {
        do {
            guard let lists = try JSONParser.parse(own: Array(text.utf8)).array, lists.count == 3 else { return }
            users = (lists[0].array ?? []).compactMap { $0.integer.map(UserID.init(rawValue:)) }
            roles = (lists[1].array ?? []).compactMap { $0.integer.map(RoleID.init(rawValue:)) }
            everyone = !(lists[2].array ?? []).isEmpty
        } catch {
            // What we stored as JSON is JSON; anything else is damage, read as no mention.
        }
    }
}

/// The SQL of `messages`.
enum MessageTable {
    static func message(_ id: MessageID, locked: Bool = false, in transaction: Transaction) throws -> MessageRecord? {
        let lock: SQL = locked && transaction.dialect == .postgres ? "FOR NO KEY UPDATE" : ""
        return try transaction.row("SELECT \(sql: MessageRecord.columns) FROM messages WHERE id = \(id) \(sql: lock)").map {
            MessageRecord($0)
        }
    }

    static func messages(_ ids: [MessageID], in transaction: Transaction) throws -> [MessageRecord] {
        guard !ids.isEmpty else { return [] }
        return try transaction.rows(
            "SELECT \(sql: MessageRecord.columns) FROM messages WHERE id IN (SELECT value FROM json_each(\(ids: ids)))"
        ).map { MessageRecord($0) }
    }

    static func keyed(_ key: [UInt8], by author: UserID, in transaction: Transaction) throws -> MessageRecord? {
        try transaction.row(
            "SELECT \(sql: MessageRecord.columns) FROM messages WHERE author_id = \(author) AND client_key = \(key)"
        ).map { MessageRecord($0) }
    }

    /// - Returns: false when another message has the id.
    static func insert(_ message: MessageRecord, key: [UInt8]?, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            """
            INSERT INTO messages (conversation_id, seq, id, author_id, client_key, content_hash, kind, body_cipher, targets, reply_to_id)
            VALUES (\(message.conversation), \(message.seq), \(message.id), \(message.author), \(key), \(message.contentHash), \(message.kind),
                \(message.body), \(message.targets.stored), \(message.replyTo))
            ON CONFLICT (id) DO NOTHING
            """) == 1
    }

    /// Stores the columns that edits, deletions and pins change.
    static func update(_ message: MessageRecord, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE messages SET body_cipher = \(message.body), targets = \(message.targets.stored), edited_at = \(message.editedAt),
                deleted_at = \(message.deletedAt), deleted_by = \(message.deletedBy), pinned_at = \(message.pinnedAt),
                version = \(message.version)
            WHERE conversation_id = \(message.conversation) AND seq = \(message.seq)
            """)
    }

    /// Replaces the rows of `mentions` by those of the message.
    static func setMentions(_ message: MessageRecord, except unmoved: Set<UserID> = [], in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM mentions WHERE conversation_id = \(message.conversation) AND seq = \(message.seq)")
        try addMentions(message, except: unmoved, in: transaction)
    }

    /// - Parameter unmoved: people who block the author; they get no mention.
    static func addMentions(_ message: MessageRecord, except unmoved: Set<UserID>, in transaction: Transaction) throws {
        let rows = message.targets.ids.filter { !unmoved.contains(UserID(rawValue: $0)) }.map { target -> SQL in
            "(\(target), \(message.conversation), \(message.seq), \(message.author))"
        }
        guard !rows.isEmpty else { return }
        try transaction.execute(
            """
            INSERT INTO mentions (target_id, conversation_id, seq, author_id) VALUES \(sql: SQL.joined(rows, separator: ", "))
            ON CONFLICT DO NOTHING
            """)
    }

    /// The first place whose message is not older than an id, by binary search: places have no gap.
    ///
    /// - Returns: the place after the last one if all are older.
    static func firstSeq(from id: MessageID, in record: ConversationRecord, _ transaction: Transaction) throws -> Int64 {
        var (low, high) = (Int64(1), record.lastSeq + 1)
        while low < high {
            let middle = (low + high) / 2
            let row = try transaction.row("SELECT id FROM messages WHERE conversation_id = \(record.id) AND seq = \(middle)")
            if let found: MessageID = row?.id(0), found >= id { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
