internal import Database
internal import Kernel

/// One row of `invitations`: a link by which somebody may come in.
struct InvitationRecord: Sendable {
    let id: InvitationID
    /// Of the secret in the link.
    let hash: [UInt8]
    let createdBy: UserID
    /// What the team calls it.
    let note: String?
    /// Given to whoever comes, with the author's rights of that moment.
    let roles: [RoleID]
    /// Nil: as often as anybody likes.
    let maximumUses: Int64?
    let uses: Int64
    let createdAt: Timestamp
    let expiresAt: Timestamp?
    let revokedAt: Timestamp?

    enum State: String, Sendable, CaseIterable { case active, used, expired, revoked }

    func state(at now: Timestamp) -> State {
        if revokedAt != nil { return .revoked }
        if let expiresAt, expiresAt <= now { return .expired }
        if let maximumUses, uses >= maximumUses { return .used }
        return .active
    }

    /// In the order of `init(_:)`.
    static let columns: SQL = "id, hash, created_by, note, roles, max_uses, uses, created_at, expires_at, revoked_at"

    init(_ row: Row) {
        (id, hash, createdBy, note) = (row.id(0), row.blob(1), row.id(2), row.optionalText(3))
        roles = Self.roles(row.text(4))
        (maximumUses, uses, createdAt) = (row.optionalInt64(5), row.int64(6), row.time(7))
        (expiresAt, revokedAt) = (row.optionalTime(8), row.optionalTime(9))
    }

    init(
        _ id: InvitationID, hash: [UInt8], by author: UserID, note: String?, roles: [RoleID], maximumUses: Int64?, at now: Timestamp,
        expiresAt: Timestamp?
    ) {
        (self.id, self.hash, createdBy, self.note, self.roles) = (id, hash, author, note, roles)
        (self.maximumUses, uses, createdAt, self.expiresAt, revokedAt) = (maximumUses, 0, now, expiresAt, nil)
    }

    var rolesJSON: JSON { .array(roles.map { JSON($0) }) }

    /// What we stored is a list of ids; a damaged one gives nothing.
    private static func roles(_ text: String) -> [RoleID] {
        do {
            return (try JSONParser.parse(own: Array(text.utf8)).array ?? []).compactMap { $0.string.flatMap { RoleID(uuid: $0) } }
        } catch {
            return []
        }
    }

    /// What the audit log keeps of it.
    var audited: JSON {
        ["note": JSON(note), "roles": rolesJSON, "max_uses": JSON(maximumUses), "expires_at": JSON(expiresAt)]
    }
}

/// The table `invitations`.
struct InvitationStore: Sendable {
    func insert(_ record: InvitationRecord, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO invitations (\(sql: InvitationRecord.columns))
            VALUES (\(record.id), \(record.hash), \(record.createdBy), \(record.note), \(record.rolesJSON.text), \(record.maximumUses),
                0, \(record.createdAt), \(record.expiresAt), NULL)
            """)
    }

    func find(_ id: InvitationID, in transaction: Transaction) throws -> InvitationRecord? {
        try transaction.row("SELECT \(sql: InvitationRecord.columns) FROM invitations WHERE id = \(id)").map(InvitationRecord.init)
    }

    func find(hash: [UInt8], in transaction: Transaction) throws -> InvitationRecord? {
        try transaction.row("SELECT \(sql: InvitationRecord.columns) FROM invitations WHERE hash = \(hash)").map(InvitationRecord.init)
    }

    /// The newest first, older than `before`.
    func page(_ condition: SQL, before: InvitationID?, limit: Int, in transaction: Transaction) throws -> [InvitationRecord] {
        try transaction.rows(
            """
            SELECT \(sql: InvitationRecord.columns) FROM invitations
            WHERE \(sql: condition) AND id < \(before ?? InvitationID(rawValue: .max)) ORDER BY id DESC LIMIT \(limit)
            """
        ).map(InvitationRecord.init)
    }

    func count(_ condition: SQL, in transaction: Transaction) throws -> Int {
        try transaction.row("SELECT COUNT(*) FROM invitations WHERE \(sql: condition)")?.int(0) ?? 0
    }

    /// Counts one use, if there is one left: of those who come at once for the last one, one gets it.
    func claim(_ id: InvitationID, at now: Timestamp, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            """
            UPDATE invitations SET uses = uses + 1
            WHERE id = \(id) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > \(now)) AND (max_uses IS NULL OR uses < max_uses)
            """) == 1
    }

    /// Somebody who had claimed it did not come in.
    func giveBack(_ id: InvitationID, in transaction: Transaction) throws {
        try transaction.execute("UPDATE invitations SET uses = uses - 1 WHERE id = \(id) AND uses > 0")
    }

    func revoke(_ id: InvitationID, at now: Timestamp, in transaction: Transaction) throws -> Bool {
        try transaction.execute("UPDATE invitations SET revoked_at = \(now) WHERE id = \(id) AND revoked_at IS NULL") == 1
    }
}
