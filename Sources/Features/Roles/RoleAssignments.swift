package import Authorization
package import Database
internal import Directory
package import Kernel

/// Who holds which role, for the feature that owns accounts.
///
/// What changes something is told to `Authorizer` after COMMIT, before the answer.
package struct RoleAssignments: Sendable {
    let tools: RolesTools

    /// Makes `references` (UUIDs or `role_<name>`) the full set of somebody's roles; only the difference is checked, and all of it or nothing is done.
    ///
    /// Takes the lock of `lockAuthorisation`, so it comes before other writes that might wait for it.
    /// - Throws: 422 at `/roles/<n>` for a role that does not exist; 403 when any role may not be given or taken.
    package func setRoles(of user: UserID, to references: [String], scope: Scope, reason: String? = nil, in transaction: Transaction) throws
    {
        let locked = try RoleTransaction(tools, scope, in: transaction)
        let wanted = try Self.resolve(references, locked, pointer: "/roles")
        let held = try AssignmentStore.shown(of: [user], at: locked.now, in: transaction)[user]?.map(\.1) ?? []
        let added = wanted.filter { role in !held.contains { $0.id == role.id } }
        let removed = held.filter { role in !wanted.contains { $0.id == role.id } }
        guard !added.isEmpty || !removed.isEmpty else { return locked.changed(.users([])) }
        try locked.require(.rolesAssign)
        let person = try locked.rights(of: user)
        for role in removed { try locked.revoke(role, from: user, person, reason: reason) }
        for role in added { try locked.assign(role, to: user, person, RoleTransaction.Terms(reason: reason)) }
        locked.changed(.users([user]))
    }

    /// The live role behind a UUID or `role_<name>`.
    package func id(of reference: String, in transaction: Transaction) throws -> RoleID? {
        guard let role = try RoleStore.find(reference, in: transaction), role.deletedAt == nil else { return nil }
        return role.id
    }

    /// Gives or takes one role as `POST /users/{id}/roles` does; an end that an assignment has stays.
    ///
    /// Takes the lock of `lockAuthorisation`.
    /// - Parameter end: when it ends, of a role that is given; `.none`: an assignment that is there keeps its own.
    /// - Returns: whether anything changed.
    /// - Throws: 403 when the role may not be given or taken; 404 for somebody absent, 422 for a role that is gone.
    package func set(
        _ role: RoleID, of user: UserID, held: Bool, until end: Timestamp?? = nil, scope: Scope, reason: String?,
        in transaction: Transaction
    ) throws -> Bool {
        let locked = try RoleTransaction(tools, scope, in: transaction)
        try locked.require(.rolesAssign)
        _ = try tools.directory.member(user, includingDeleted: !held, in: transaction)
        guard let record = locked.records[role] else { throw Problem.invalid("/role", "unknown_role", RoleInput.unknownRole(role.uuid)) }
        let person = try locked.rights(of: user)
        let isHeld = person.roles.contains(role)
        if held {
            try locked.assign(record, to: user, person, RoleTransaction.Terms(reason: reason, expiresAt: end))
        } else {
            try locked.revoke(record, from: user, person, reason: reason)
        }
        locked.changed(.users(isHeld == held ? [] : [user]))
        return isHeld != held
    }

    /// How somebody holds a role at this moment; nil when they do not.
    package func held(_ role: RoleID, by user: UserID, in transaction: Transaction) throws -> (expiresAt: Timestamp?, reason: String?)? {
        guard let found = try AssignmentStore.active(user, role, in: transaction),
            Assignment(role, expiresAt: found.expiresAt).isActive(at: tools.clock.now())
        else { return nil }
        return (found.expiresAt, found.reason)
    }

    /// Gives system roles by the server's own decision: `member` at registration, `owner` at set-up.
    package func assignInitial(
        _ user: UserID, _ roles: [SystemRole] = [.member], scope: Scope, reason: String? = nil, in transaction: Transaction
    ) throws {
        let locked = try RoleTransaction(tools, scope, asServer: true, in: transaction)
        for role in roles {
            guard let record = locked.records[.system(role)] else {
                throw DatabaseError.other(code: 0, message: "the system role \(role.rawValue) has lost its row")
            }
            try locked.assign(record, to: user, EffectivePermissions(), RoleTransaction.Terms(reason: reason))
        }
        locked.changed(.users([user]))
    }

    /// The live roles of each, the highest first; those without any are absent.
    package func roles(of users: [UserID], in transaction: Transaction) throws -> [UserID: [HeldRole]] {
        try AssignmentStore.shown(of: users, at: tools.clock.now(), in: transaction).mapValues { $0.map { HeldRole($0, $1) } }
    }

    /// The effective permissions of each.
    package func rights(of users: [UserID], in transaction: Transaction) throws -> [UserID: EffectivePermissions] {
        let graph = try tools.authorizer.graph(in: transaction)
        let now = tools.clock.now()
        return try AssignmentStore.holdings(of: users, in: transaction).mapValues { graph.rights(of: $0, at: now) }
    }

    /// A condition on `users.id`: those who hold the role; nobody when there is no such role.
    package func holding(role reference: String, in transaction: Transaction) throws -> SQL {
        guard let role = try RoleStore.find(reference, in: transaction), role.deletedAt == nil else { return "1 = 0" }
        return active([role.id])
    }

    /// A condition on `users.id`: those who have the permission, denies and overrides counted.
    package func holding(permission: Permission, in transaction: Transaction) throws -> SQL {
        let graph = try tools.authorizer.graph(in: transaction)
        let allowing = graph.roles(allowing: permission)
        let denying = graph.roles(denying: permission)
        return """
            (\(sql: active([.owner])) OR ((\(sql: active(allowing)) OR \(sql: overridden(permission, .allow)))
            AND NOT \(sql: active(denying)) AND NOT \(sql: overridden(permission, .deny))))
            """
    }

    /// A query of the ids of those who do not rank strictly below the caller, the caller among them: `Authorizer.manageable`, for conditions of lists.
    package func notBelow(_ scope: Scope, in transaction: Transaction) throws -> SQL {
        let graph = try tools.authorizer.graph(in: transaction)
        let now = tools.clock.now()
        let rank = try Authorizer.rights(of: scope, graph, at: now, in: transaction).rank
        // Nobody ranks below a person without any role.
        guard rank > .min else { return "SELECT id FROM users" }
        let roles = graph.definitions.filter { $0.priority >= rank }.map(\.id)
        return """
            SELECT user_id FROM user_roles WHERE role_id IN (SELECT value FROM json_each(\(ids: roles))) AND revoked_at IS NULL
                AND (expires_at IS NULL OR expires_at > \(now))
            """
    }

    private func active(_ roles: [RoleID]) -> SQL {
        """
        EXISTS (SELECT 1 FROM user_roles WHERE user_roles.user_id = users.id AND user_roles.revoked_at IS NULL
            AND (user_roles.expires_at IS NULL OR user_roles.expires_at > \(tools.clock.now()))
            AND user_roles.role_id IN (SELECT value FROM json_each(\(ids: roles))))
        """
    }

    private func overridden(_ permission: Permission, _ effect: Effect) -> SQL {
        """
        EXISTS (SELECT 1 FROM user_overrides WHERE user_overrides.user_id = users.id AND user_overrides.permission = \(permission.key)
            AND user_overrides.effect = \(effect.rawValue))
        """
    }

    /// The roles behind the references, each once.
    static func resolve(_ references: [String], _ locked: RoleTransaction, pointer: String) throws(Problem) -> [RoleRecord] {
        var roles: [RoleRecord] = []
        var faults: [Problem.Fault] = []
        for (index, reference) in references.enumerated() {
            guard let role = locked.role(reference) else {
                faults.append(Problem.Fault("\(pointer)/\(index)", "unknown_role", RoleInput.unknownRole(reference)))
                continue
            }
            if !roles.contains(where: { $0.id == role.id }) { roles.append(role) }
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return roles
    }
}
