internal import Audit
internal import Authorization
internal import Database
package import Kernel

extension RolesFeature {
    /// Gives each permission to the system roles that hold it at first, where this site has not done so before; a later removal by the owner stays.
    ///
    /// - Throws: `UnknownHolder` for a role that is no system role.
    package func giveDeclared(_ permissions: [Permission]) async throws {
        try await giveDeclared(definitions: permissions.map(\.definition))
    }

    func giveDeclared(definitions: [Permission.Definition]) async throws {
        let declared = try definitions.filter { !$0.heldBy.isEmpty }.map { definition in
            (definition, try definition.heldBy.map { try Self.systemRole($0, holding: definition.key) })
        }
        guard !declared.isEmpty else { return }
        try await database.write { [tools] transaction in
            let given = Set(try transaction.rows("SELECT permission FROM permission_grants").map { $0.text(0) })
            let waiting = declared.filter { !given.contains($0.0.key) }
            guard !waiting.isEmpty else { return }
            let locked = try RoleTransaction(tools, Scope(requestID: "declared-permissions"), asServer: true, in: transaction)
            var changed = locked.records
            for (definition, roles) in waiting {
                let isFirst = try transaction.execute(
                    "INSERT INTO permission_grants (permission, given_at) VALUES (\(definition.key), \(locked.now)) ON CONFLICT DO NOTHING")
                guard isFirst == 1, let pattern = PermissionPattern(definition.key) else { continue }
                for role in roles { changed[.system(role)]?.add(pattern) }
            }
            for (id, role) in changed.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                guard let before = locked.records[id], before.definition.allowed != role.definition.allowed else { continue }
                _ = try locked.save(role, from: before, action: "role.update")
            }
            locked.changed(.everybody)
        }
    }

    private static func systemRole(_ name: String, holding key: String) throws -> SystemRole {
        guard let role = SystemRole(rawValue: name) else { throw UnknownHolder(permission: key, role: name) }
        return role
    }

    /// A permission that names a holder that no site has.
    package struct UnknownHolder: Error, CustomStringConvertible {
        let permission: String
        let role: String

        package var description: String { "The permission \(permission) is declared to be held by “\(role)”, which is no system role." }
    }
}

extension RoleRecord {
    /// Allows one pattern more, unless another covers it.
    fileprivate mutating func add(_ pattern: PermissionPattern) {
        guard !definition.allowed.contains(where: { $0.covers(pattern) }) else { return }
        definition.allowed = (definition.allowed + [pattern]).normalized
    }
}
