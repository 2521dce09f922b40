package import Database
internal import Directory
package import Kernel

/// How others name a role: for the features that only need to know which one is meant.
package enum RoleReference {
    /// The id behind a UUID or `role_<name>`; of a name that no live role has, the one that was deleted last under it.
    package static func id(_ reference: String, in transaction: Transaction) throws -> RoleID? {
        if let role = try RoleStore.find(reference, in: transaction) { return role.id }
        guard reference.hasPrefix("role_") else { return nil }
        return try RoleStore.lastDeleted(named: String(reference.dropFirst(5)), in: transaction)?.id
    }
}

extension RolesFeature {
    /// The ids that `me`, `u_<username>` and `role_<name>` stand for, for the gateway; those of nobody are left out, and those that this reader may
    /// not look up.
    package func ids(behind aliases: Set<String>, for scope: Scope) async throws -> [String: String] {
        let directory = tools.directory
        return try await database.read { transaction in
            var ids: [String: String] = [:]
            for alias in aliases {
                if alias.hasPrefix("role_") {
                    guard scope.can(.rolesRead) || scope.can(.presenceRead) else { continue }
                    ids[alias] = try RoleStore.find(alias, in: transaction)?.id.uuid
                    continue
                }
                do {
                    let user = try directory.resolve(alias, scope: scope, in: transaction)
                    if user == scope.userID || scope.can(.usersRead) || scope.can(.presenceRead) { ids[alias] = user.uuid }
                } catch is Problem {}
            }
            return ids
        }
    }
}

extension RoleReference {
    /// Where a live role stands.
    package static func priority(of role: RoleID, in transaction: Transaction) throws -> Int? {
        try transaction.row("SELECT priority FROM roles WHERE id = \(role) AND deleted_at IS NULL")?.int(0)
    }

    /// What one sees of some roles beside a text that names them: `{"id", "name", "color"}`; those that are gone are absent.
    package static func summaries(of roles: [RoleID], in transaction: Transaction) throws -> [RoleID: JSON] {
        guard !roles.isEmpty else { return [:] }
        let rows = try transaction.rows(
            "SELECT id, name, color FROM roles WHERE deleted_at IS NULL AND id IN (SELECT value FROM json_each(\(ids: roles)))")
        return rows.reduce(into: [:]) { summaries, row in
            let id: RoleID = row.id(0)
            summaries[id] = ["id": JSON(id), "name": .string(row.text(1)), "color": JSON(row.optionalText(2))]
        }
    }

    /// The names of some roles, deleted ones included.
    package static func names(of roles: [RoleID], in transaction: Transaction) throws -> [RoleID: String] {
        guard !roles.isEmpty else { return [:] }
        return try transaction.rows("SELECT id, name FROM roles WHERE id IN (SELECT value FROM json_each(\(ids: roles)))").reduce(
            into: [:]
        ) { $0[$1.id(0)] = $1.text(1) }
    }
}
