internal import Authorization
package import Database
package import Kernel

/// How many hold something, and who they are where they are few.
extension RoleAssignments {
    /// Up to how many it costs less to start from them than from everybody.
    private static let fewest = 20_000

    /// How many hold the role, those who are deleted left out.
    package func count(role reference: String, in transaction: Transaction) throws -> Int {
        guard let role = try RoleStore.find(reference, in: transaction), role.deletedAt == nil else { return 0 }
        let now = tools.clock.now()
        return try RoleSets(settingApart: [], at: now, in: transaction).present(
            holding: { $0.contains(role.id) },
            or: { held in held.assignments.contains { $0.role == role.id && $0.isActive(at: now) } })
    }

    /// How many have the permission, those who are deleted left out.
    package func count(permission: Permission, in transaction: Transaction) throws -> Int {
        try holders(of: permission, in: transaction).count()
    }

    /// The first who have the permission, by id, those who are deleted left out.
    package func holders(of permission: Permission, limit: Int, in transaction: Transaction) throws -> [UserID] {
        try holders(of: permission, in: transaction).page(after: nil, limit: limit)
    }

    /// A condition on `users.id`: those who hold the role, found from the role instead of the people; nil when they are many.
    package func smallResult(role reference: String, in transaction: Transaction) throws -> SQL? {
        guard let role = try RoleStore.find(reference, in: transaction), role.deletedAt == nil else { return nil }
        let now = tools.clock.now()
        guard try RoleStore.memberCounts(of: [role.id], at: now, in: transaction)[role.id] ?? 0 <= Self.fewest else { return nil }
        let held: SQL = """
            SELECT user_id FROM user_roles WHERE role_id = \(role.id) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > \(now))
            """
        return Self.among(held, in: transaction)
    }

    /// A condition on `users.id`: those who have the permission, found from their sets of roles instead of the people; nil when they are many.
    package func smallResult(permission: Permission, in transaction: Transaction) throws -> SQL? {
        try holders(of: permission, in: transaction).condition(most: Self.fewest)
    }

    /// Where it may choose, PostgreSQL looks at everybody sooner than at a few one by one.
    static func among(_ users: SQL, in transaction: Transaction) -> SQL {
        transaction.dialect == .postgres ? "users.id = ANY(ARRAY(\(sql: users)))" : "users.id IN (\(sql: users))"
    }

    private func holders(of permission: Permission, in transaction: Transaction) throws -> PermissionHolders {
        PermissionHolders(
            permission: permission, graph: try tools.authorizer.graph(in: transaction), now: tools.clock.now(), transaction: transaction)
    }
}
