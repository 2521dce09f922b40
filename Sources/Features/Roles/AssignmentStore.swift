internal import Authorization
internal import Database
internal import Kernel

/// One active row of `user_roles`.
struct AssignmentRecord: Sendable {
    let id: RowID
    let user: UserID
    let role: RoleID
    let assignedBy: UserID?
    let assignedAt: Timestamp
    let reason: String?
    var expiresAt: Timestamp?

    static let columns: SQL = """
        user_roles.id, user_roles.user_id, user_roles.role_id, user_roles.assigned_by, user_roles.assigned_at, user_roles.reason, user_roles.expires_at
        """
    static let columnCount = 7

    init(_ row: Row) {
        (id, user, role) = (row.id(0), row.id(1), row.id(2))
        (assignedBy, assignedAt, reason, expiresAt) = (row.optionalID(3), row.time(4), row.optionalText(5), row.optionalTime(6))
    }
}

/// The SQL of `user_roles` and `user_overrides`.
enum AssignmentStore {
    /// What decides the rights of one person; assignments of deleted roles are among it and count for nothing.
    static func holdings(of user: UserID, in transaction: Transaction) throws -> RoleGrants {
        try holdings(of: [user], in: transaction)[user] ?? RoleGrants()
    }

    static func holdings(of users: [UserID], in transaction: Transaction) throws -> [UserID: RoleGrants] {
        var holdings = Dictionary(users.map { ($0, RoleGrants()) }, uniquingKeysWith: { first, _ in first })
        let assignments = try transaction.rows(
            """
            SELECT user_id, role_id, expires_at FROM user_roles
            WHERE user_id IN (SELECT value FROM json_each(\(ids: users))) AND revoked_at IS NULL
            """)
        for row in assignments { holdings[row.id(0)]?.assignments.append(Assignment(row.id(1), expiresAt: row.optionalTime(2))) }
        let overrides = try transaction.rows(
            "SELECT user_id, permission, effect FROM user_overrides WHERE user_id IN (SELECT value FROM json_each(\(ids: users)))")
        for row in overrides {
            guard let permission = Permission(key: row.text(1)), let effect = Effect(rawValue: row.text(2)) else { continue }
            holdings[row.id(0)]?.overrides.append(Override(permission, effect))
        }
        return holdings
    }

    static func active(_ user: UserID, _ role: RoleID, in transaction: Transaction) throws -> AssignmentRecord? {
        try transaction.row(
            """
            SELECT \(sql: AssignmentRecord.columns) FROM user_roles
            WHERE user_id = \(user) AND role_id = \(role) AND revoked_at IS NULL
            """
        ).map(AssignmentRecord.init)
    }

    /// The active assignments of live roles, by person, the highest role first.
    static func shown(of users: [UserID], at now: Timestamp, in transaction: Transaction) throws -> [UserID: [(
        AssignmentRecord, RoleRecord
    )]] {
        let rows = try transaction.rows(
            """
            SELECT \(sql: AssignmentRecord.columns), \(sql: RoleRecord.columns) FROM user_roles JOIN roles ON roles.id = user_roles.role_id
            WHERE user_roles.user_id IN (SELECT value FROM json_each(\(ids: users))) AND user_roles.revoked_at IS NULL
                AND (user_roles.expires_at IS NULL OR user_roles.expires_at > \(now)) AND roles.deleted_at IS NULL
            ORDER BY roles.priority DESC, roles.name_folded
            """)
        var shown: [UserID: [(AssignmentRecord, RoleRecord)]] = [:]
        for row in rows {
            let assignment = AssignmentRecord(row)
            shown[assignment.user, default: []].append((assignment, RoleRecord(row, from: AssignmentRecord.columnCount)))
        }
        return shown
    }

    static func insert(
        _ id: RowID, _ user: UserID, _ role: RoleID, by actor: UserID?, at now: Timestamp, reason: String?, expiresAt: Timestamp?,
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO user_roles (id, user_id, role_id, assigned_by, assigned_at, reason, expires_at)
            VALUES (\(id), \(user), \(role), \(actor), \(now), \(reason), \(expiresAt))
            """)
    }

    static func setExpiry(_ id: RowID, _ expiresAt: Timestamp?, in transaction: Transaction) throws {
        try transaction.execute("UPDATE user_roles SET expires_at = \(expiresAt) WHERE id = \(id)")
    }

    /// - Returns: false when it was revoked already.
    static func revoke(_ id: RowID, by actor: UserID?, at now: Timestamp, reason: String?, in transaction: Transaction) throws -> Bool {
        try transaction.execute(
            """
            UPDATE user_roles SET revoked_by = \(actor), revoked_at = \(now), revoke_reason = \(reason)
            WHERE id = \(id) AND revoked_at IS NULL
            """) == 1
    }

    static func expired(at now: Timestamp, limit: Int, in transaction: Transaction) throws -> [AssignmentRecord] {
        try transaction.rows(
            """
            SELECT \(sql: AssignmentRecord.columns) FROM user_roles
            WHERE revoked_at IS NULL AND expires_at IS NOT NULL AND expires_at <= \(now) ORDER BY expires_at LIMIT \(limit)
            """
        ).map(AssignmentRecord.init)
    }

    /// SQLite takes at most 500 parts of a `UNION`.
    private static let together = 100

    /// Those who hold any of the roles, in the order of their ids: the first few of each, of which the first few are the first of all.
    ///
    /// Each role has a part of its own: asked for all at once PostgreSQL goes through everybody's roles to find that nobody holds them.
    static func holders(of roles: [RoleID], after: UserID? = nil, limit: Int, at now: Timestamp, in transaction: Transaction) throws
        -> [UserID]
    {
        var found: Set<UserID> = []
        for start in stride(from: 0, to: roles.count, by: together) {
            let parts = roles[start..<min(start + together, roles.count)].map { role -> SQL in
                """
                SELECT user_id FROM (SELECT user_id FROM user_roles WHERE role_id = \(role) AND user_id > \(after?.rawValue ?? -1)
                    AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > \(now)) ORDER BY user_id LIMIT \(limit)) AS part
                """
            }
            found.formUnion(try transaction.rows(.joined(parts, separator: " UNION ALL ")).map { $0.id(0) })
        }
        return Array(found.sorted().prefix(limit))
    }

    /// Of two owners who go at once, each would otherwise see the other stay.
    static func lockOwners(in transaction: Transaction) throws {
        // SQLite has one writer anyway.
        guard transaction.dialect == .postgres else { return }
        _ = try transaction.rows("SELECT 1 FROM user_roles WHERE role_id = \(RoleID.owner) AND revoked_at IS NULL ORDER BY id FOR UPDATE")
    }

    /// How many others could act as owner.
    static func ownerCount(besides user: UserID, in transaction: Transaction) throws -> Int {
        try transaction.row(
            """
            SELECT COUNT(*) FROM user_roles JOIN users ON users.id = user_roles.user_id
            WHERE user_roles.role_id = \(RoleID.owner) AND user_roles.revoked_at IS NULL AND user_roles.user_id <> \(user)
                AND users.deleted_at IS NULL AND users.is_disabled = \(false)
            """)?.int(0) ?? 0
    }
}

extension RoleID {
    /// The fixed ids that the first migration gives to the system roles.
    static let owner = RoleID(rawValue: 1)
    static let member = RoleID(rawValue: 5)

    static func system(_ role: SystemRole) -> RoleID {
        switch role {
        case .owner: .owner
        case .admin: RoleID(rawValue: 2)
        case .mod: RoleID(rawValue: 3)
        case .staff: RoleID(rawValue: 4)
        case .member: .member
        case .guest: RoleID(rawValue: 6)
        }
    }
}
