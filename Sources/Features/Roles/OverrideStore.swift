internal import Authorization
internal import Database
internal import Kernel

/// The SQL of `user_overrides` and `user_override_versions`.
enum OverrideStore {
    private static let columns: SQL = "permission, effect, reason, set_by, set_at, version"

    static func all(of user: UserID, in transaction: Transaction) throws -> [OverrideRecord] {
        try transaction.rows("SELECT \(sql: columns) FROM user_overrides WHERE user_id = \(user) ORDER BY permission").compactMap(record)
    }

    /// Why each of the people has an override of this permission; those without one are absent.
    static func reasons(of users: [UserID], _ permission: Permission, in transaction: Transaction) throws -> [UserID: String?] {
        let rows = try transaction.rows(
            """
            SELECT user_id, reason FROM user_overrides
            WHERE user_id IN (SELECT value FROM json_each(\(ids: users))) AND permission = \(permission.key)
            """)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id(0), $0.optionalText(1)) })
    }

    static func find(_ user: UserID, _ permission: Permission, in transaction: Transaction) throws -> OverrideRecord? {
        try transaction.row("SELECT \(sql: columns) FROM user_overrides WHERE user_id = \(user) AND permission = \(permission.key)")
            .flatMap(record)
    }

    /// 0 when there never was one. Versions go on after an override was cleared.
    static func lastVersion(_ user: UserID, _ permission: Permission, in transaction: Transaction) throws -> Int64 {
        let row = try transaction.row(
            "SELECT MAX(version) FROM user_override_versions WHERE user_id = \(user) AND permission = \(permission.key)")
        return row?.optionalInt64(0) ?? 0
    }

    static func set(_ user: UserID, _ override: OverrideRecord, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO user_overrides (user_id, permission, effect, reason, set_by, set_at, version)
            VALUES (\(user), \(override.permission.key), \(override.effect.rawValue), \(override.reason), \(override.setBy), \(override.setAt), \(override.version))
            ON CONFLICT (user_id, permission) DO UPDATE SET effect = excluded.effect, reason = excluded.reason, set_by = excluded.set_by,
                set_at = excluded.set_at, version = excluded.version
            """)
        try insertVersion(
            user, override.permission, override.version, override.effect, override.reason, by: override.setBy, at: override.setAt,
            in: transaction)
    }

    static func clear(
        _ user: UserID, _ permission: Permission, version: Int64, by actor: UserID?, at now: Timestamp, in transaction: Transaction
    ) throws {
        try transaction.execute("DELETE FROM user_overrides WHERE user_id = \(user) AND permission = \(permission.key)")
        try insertVersion(user, permission, version, nil, nil, by: actor, at: now, in: transaction)
    }

    static func history(_ user: UserID, _ permission: Permission, in transaction: Transaction) throws -> [JSON] {
        try transaction.rows(
            """
            SELECT version, actor_user_id, at, effect, reason FROM user_override_versions
            WHERE user_id = \(user) AND permission = \(permission.key) ORDER BY version DESC LIMIT 200
            """
        ).map { row in
            [
                "version": .integer(row.int64(0)), "actor_user_id": JSON(row.optionalID(1, User.self)), "at": JSON(row.time(2)),
                "effect": JSON(row.optionalText(3)), "reason": JSON(row.optionalText(4)),
            ]
        }
    }

    private static func insertVersion(
        _ user: UserID, _ permission: Permission, _ version: Int64, _ effect: Effect?, _ reason: String?, by actor: UserID?,
        at now: Timestamp,
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO user_override_versions (user_id, permission, version, actor_user_id, at, effect, reason)
            VALUES (\(user), \(permission.key), \(version), \(actor), \(now), \(effect?.rawValue), \(reason))
            """)
    }

    /// A key that this version of Foyer does not know is not shown, as it does not count.
    private static func record(_ row: Row) -> OverrideRecord? {
        guard let permission = Permission(key: row.text(0)), let effect = Effect(rawValue: row.text(1)) else { return nil }
        return OverrideRecord(
            permission: permission, effect: effect, reason: row.optionalText(2), setBy: row.optionalID(3), setAt: row.time(4),
            version: row.int64(5))
    }
}
