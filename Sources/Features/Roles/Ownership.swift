internal import Authorization
package import Database
package import Kernel

/// Makes and unmakes owners: for the command line and the first start, never for the API.
package struct Ownership: Sendable {
    let tools: RolesTools

    /// Whether anybody owns the site yet.
    package func hasOwner(in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 FROM user_roles WHERE role_id = \(RoleID.owner) AND revoked_at IS NULL LIMIT 1") != nil
    }

    /// - Returns: false when they own the site already.
    package func add(_ user: UserID, scope: Scope, in transaction: Transaction) throws -> Bool {
        let locked = try RoleTransaction(tools, scope, asServer: true, in: transaction)
        guard let owner = locked.records[.owner] else {
            throw DatabaseError.other(code: 0, message: "the system role owner has lost its row")
        }
        guard try AssignmentStore.active(user, .owner, in: transaction) == nil else {
            locked.changed(.users([]))
            return false
        }
        try locked.assign(owner, to: user, EffectivePermissions(), RoleTransaction.Terms())
        locked.changed(.users([user]))
        return true
    }

    /// - Throws: 404 when they are not an owner, 409 `last_owner` when nobody else is.
    package func remove(_ user: UserID, scope: Scope, in transaction: Transaction) throws {
        let locked = try RoleTransaction(tools, scope, asServer: true, in: transaction)
        guard let owner = locked.records[.owner], try AssignmentStore.active(user, .owner, in: transaction) != nil else {
            throw Problem.notFound
        }
        try tools.authorizer.requireNotLastOwner(user, in: transaction)
        try locked.revoke(owner, from: user, EffectivePermissions(), reason: nil)
        locked.changed(.users([user]))
    }
}
