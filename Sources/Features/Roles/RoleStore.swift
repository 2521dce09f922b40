internal import Authorization
internal import Database
internal import Kernel

/// The SQL of `roles` and `role_versions`.
enum RoleStore {
    /// A site has some dozens of roles; the bound keeps what is compiled at each change small.
    static let maximumCount = 500

    static func live(in transaction: Transaction) throws -> [RoleRecord] {
        try transaction.rows("SELECT \(sql: RoleRecord.columns) FROM roles WHERE deleted_at IS NULL").map { RoleRecord($0) }
    }

    static func record(_ id: RoleID, in transaction: Transaction) throws -> RoleRecord? {
        try transaction.row("SELECT \(sql: RoleRecord.columns) FROM roles WHERE id = \(id)").map { RoleRecord($0) }
    }

    /// The role behind a UUID or `role_<name>`; a name finds live roles only.
    static func find(_ reference: String, in transaction: Transaction) throws -> RoleRecord? {
        if let id = RoleID(uuid: reference) { return try record(id, in: transaction) }
        guard reference.hasPrefix("role_") else { return nil }
        let name = RoleName.fold(String(reference.dropFirst(5)))
        return try transaction.row("SELECT \(sql: RoleRecord.columns) FROM roles WHERE name_folded = \(name) AND deleted_at IS NULL").map {
            RoleRecord($0)
        }
    }

    static func insert(_ role: RoleRecord, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO roles (id, name, name_folded, search_name, description, color, icon, priority, permissions, denied, inherits, is_system, version, created_at, updated_at, file_bytes, quota_bytes)
            VALUES (\(role.id), \(role.definition.name), \(RoleName.fold(role.definition.name)), \(role.definition.name.searchFold), \(role.description), \(role.color), \(role.icon),
                \(role.definition.priority), \(allowed(role)), \(denied(role)), \(inherits(role)), \(false), \(role.version), \(role.createdAt), \(role.updatedAt), \(role.limits.fileBytes), \(role.limits.quotaBytes))
            """)
    }

    static func update(_ role: RoleRecord, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE roles SET name = \(role.definition.name), name_folded = \(RoleName.fold(role.definition.name)), search_name = \(role.definition.name.searchFold), description = \(role.description),
                color = \(role.color), icon = \(role.icon), priority = \(role.definition.priority), permissions = \(allowed(role)),
                denied = \(denied(role)), inherits = \(inherits(role)), deleted_at = \(role.deletedAt), version = \(role.version), updated_at = \(role.updatedAt),
                file_bytes = \(role.limits.fileBytes), quota_bytes = \(role.limits.quotaBytes)
            WHERE id = \(role.id)
            """)
    }

    static func insertVersion(_ role: RoleRecord, diff: JSONObject, actor: UserID?, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO role_versions (role_id, version, actor_user_id, at, diff, snapshot)
            VALUES (\(role.id), \(role.version), \(actor), \(now), \(JSON.object(diff).text), \(JSON.object(role.snapshot).text))
            """)
    }

    static func snapshot(_ id: RoleID, version: Int64, in transaction: Transaction) throws -> JSONObject? {
        guard let row = try transaction.row("SELECT snapshot FROM role_versions WHERE role_id = \(id) AND version = \(version)") else {
            return nil
        }
        return try JSONParser.parse(own: Array(row.text(0).utf8)).object
    }

    /// How many hold each role at this moment.
    static func memberCounts(of roles: [RoleID], at now: Timestamp, in transaction: Transaction) throws -> [RoleID: Int] {
        try RoleSets(settingApart: [], at: now, in: transaction).counts(of: roles)
    }

    private static func allowed(_ role: RoleRecord) -> String { RoleRecord.texts(role.definition.allowed).text }
    private static func denied(_ role: RoleRecord) -> String { RoleRecord.texts(role.definition.denied).text }
    private static func inherits(_ role: RoleRecord) -> String { JSON.array(role.definition.inherits.map { .integer($0.rawValue) }).text }
}

extension RoleStore {
    static func lastDeleted(named name: String, in transaction: Transaction) throws -> RoleRecord? {
        try transaction.row(
            """
            SELECT \(sql: RoleRecord.columns) FROM roles
            WHERE name_folded = \(RoleName.fold(name)) AND deleted_at IS NOT NULL ORDER BY deleted_at DESC, id DESC LIMIT 1
            """
        ).map { RoleRecord($0) }
    }
}
