internal import Authorization
package import Database
package import Kernel

/// Roles of imported people.
extension RoleAssignments {
    /// Gives roles to people who become members in this transaction: each role as `assign` would to a new member, and `member` by the server.
    ///
    /// The caller writes one entry in the audit log for all of them.
    /// - Parameters:
    ///   - roles: every role among the rows but `member`.
    ///   - rows: `FROM …`, with the columns `id`, `user_id` and `role_id`.
    /// - Throws: 403 for a role that may not be given; 422 for one that is gone.
    package func giveAll(_ roles: [RoleID], from rows: SQL, scope: Scope, in transaction: Transaction) throws {
        let locked = try RoleTransaction(tools, scope, in: transaction)
        if !roles.isEmpty { try locked.require(.rolesAssign) }
        for id in roles {
            guard let role = locked.records[id] else { throw Problem.invalid("/role", "unknown_role", RoleInput.unknownRole(id.uuid)) }
            try locked.check { rules throws(Refusal) in try rules.assign(role.definition, to: EffectivePermissions(), isSelf: false) }
        }
        try transaction.execute(
            """
            INSERT INTO user_roles (id, user_id, role_id, assigned_by, assigned_at, reason, expires_at)
            SELECT id, user_id, role_id, CAST(\(scope.userID) AS BIGINT), CAST(\(locked.now) AS BIGINT), NULL, NULL \(sql: rows)
            """)
        // No cache can hold rights of people who are new.
        locked.changed(.users([]))
    }
}
