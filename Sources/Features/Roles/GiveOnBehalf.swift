internal import Authorization
package import Database
package import Kernel

/// Roles that somebody gives in advance, to whoever comes: an invitation's.
extension RoleAssignments {
    /// The roles behind the references, when who asks may give each of them to a new member now.
    ///
    /// Good for an offer alone: what it comes to is checked again by `give`.
    /// - Throws: 422 at `/roles/<n>` for a role that does not exist; 403 for one that may not be given.
    package func givable(_ references: [String], scope: Scope, in transaction: Transaction) throws -> [RoleID] {
        guard !references.isEmpty else { return [] }
        let locked = try RoleTransaction(tools, scope, readingIn: transaction)
        let roles = try Self.resolve(references, locked, pointer: "/roles")
        try locked.require(.rolesAssign)
        for role in roles {
            try locked.check { rules throws(Refusal) in try rules.assign(role.definition, to: EffectivePermissions(), isSelf: false) }
        }
        return roles.map(\.id)
    }

    /// Gives the roles as their author would now, with the rights that the author has now; what the author may not give is left out.
    ///
    /// - Returns: the codes of the refusals by role.
    package func give(
        _ roles: [RoleID], to user: UserID, onBehalfOf author: UserID, reason: String, requestID: String, in transaction: Transaction
    ) throws -> [(role: RoleID, code: String)] {
        let locked = try RoleTransaction(tools, Scope(userID: author, requestID: requestID), in: transaction)
        let person = try locked.rights(of: user)
        var refused: [(role: RoleID, code: String)] = []
        for id in roles {
            guard let role = locked.records[id] else {
                refused.append((id, "unknown_role"))
                continue
            }
            do throws(Problem) {
                try locked.require(.rolesAssign)
                try locked.check { rules throws(Refusal) in try rules.assign(role.definition, to: person, isSelf: false) }
            } catch {
                refused.append((id, error.code))
                continue
            }
            try locked.assign(role, to: user, person, RoleTransaction.Terms(reason: reason))
        }
        locked.changed(.users([user]))
        return refused
    }

    /// Names and colours of live roles, for whoever was invited to them.
    package func summaries(of roles: [RoleID], in transaction: Transaction) throws -> [JSON] {
        let records = try RoleTransaction(tools, Scope(), readingIn: transaction).records
        return roles.compactMap { records[$0] }.map {
            ["id": JSON($0.id), "name": .string($0.definition.name), "color": JSON($0.color), "priority": JSON($0.definition.priority)]
        }
    }
}
