internal import Authorization
internal import Database
internal import Kernel

/// What decided somebody's rights at one moment, read from the versions of the roles, of their overrides, and from what they held.
///
/// Of a moment to come: as things stand, with the ends that assignments have. The state of the account, a ban for instance, is not part of it.
struct PastAuthorization {
    let graph: RoleGraph
    let holdings: RoleGrants
    /// Why each override was set.
    let reasons: [Permission: String]

    init(of user: UserID, at time: Timestamp, in transaction: Transaction) throws {
        graph = RoleGraph(try Self.roles(at: time, in: transaction))
        var holdings = RoleGrants()
        // An end that was moved was moved before it came, so the one that is stored is right for every moment before.
        let assignments = try transaction.rows(
            """
            SELECT role_id, expires_at FROM user_roles
            WHERE user_id = \(user) AND (revoked_at IS NULL OR revoked_at > \(time)) AND assigned_at <= \(time)
            """)
        holdings.assignments = assignments.map { Assignment($0.id(0), expiresAt: $0.optionalTime(1)) }
        var reasons: [Permission: String] = [:]
        let overrides = try transaction.rows(
            """
            SELECT permission, effect, reason FROM user_override_versions WHERE user_id = \(user) AND effect IS NOT NULL AND version =
                (SELECT MAX(older.version) FROM user_override_versions AS older WHERE older.user_id = user_override_versions.user_id
                AND older.permission = user_override_versions.permission AND older.at <= \(time))
            ORDER BY permission
            """)
        for row in overrides {
            guard let permission = Permission(key: row.text(0)), let effect = Effect(rawValue: row.text(1)) else { continue }
            holdings.overrides.append(Override(permission, effect))
            reasons[permission] = row.optionalText(2)
        }
        (self.holdings, self.reasons) = (holdings, reasons)
    }

    /// The roles that lived then, as they were; only a deletion's own version says that a role was deleted.
    private static func roles(at time: Timestamp, in transaction: Transaction) throws -> [RoleDefinition] {
        let rows = try transaction.rows(
            """
            SELECT roles.id, roles.is_system, role_versions.diff, role_versions.snapshot FROM roles
            JOIN role_versions ON role_versions.role_id = roles.id AND role_versions.version =
                (SELECT MAX(older.version) FROM role_versions AS older WHERE older.role_id = roles.id AND older.at <= \(time))
            """)
        return try rows.map { row in
            var role = RoleRecord(new: row.id(0), name: "", priority: 0, at: time)
            role.restore(try JSONParser.parse(own: Array(row.text(3).utf8)).object ?? [:])
            role.definition.system = row.bool(1) ? SystemRole(rawValue: role.definition.name) : nil
            role.definition.isDeleted = try JSONParser.parse(own: Array(row.text(2).utf8))["deleted"]?["to"] == true
            return role.definition
        }
    }
}
