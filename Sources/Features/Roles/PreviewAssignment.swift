internal import Authorization
internal import Database
internal import Kernel
internal import Web

extension RolesFeature {
    /// What `POST /users/{id}/roles` with the same body would do, without doing it: "what if I give this role?"
    func previewAssignment(_ call: Call) async throws -> Reply {
        let request = try AssignmentRequest(try call.body(), at: call.clock.now())
        let reference = call.parameter("id")
        return try await database.read { [tools] transaction in
            let locked = try RoleTransaction(tools, call.scope, readingIn: transaction)
            try locked.require(.rolesAssign)
            let user = try locked.visible(reference)
            let added = try request.added(locked)
            let removed = try RoleAssignments.resolve(request.remove, locked, pointer: "/remove")
            let before = try AssignmentStore.holdings(of: user, in: transaction)
            var after = before
            let replaced = (added + removed).map(\.id)
            after.assignments.removeAll { replaced.contains($0.role) }
            after.assignments += added.map { Assignment($0.id) }
            let (old, new) = (locked.graph.rights(of: before, at: locked.now), locked.graph.rights(of: after, at: locked.now))
            let refusal = Self.refusal(of: added, removed, to: old, isSelf: user == call.scope.userID, locked)
            return .json(
                200,
                [
                    "gains": new.permissions.subtracting(old.permissions).json, "loses": old.permissions.subtracting(new.permissions).json,
                    "permissions": new.permissions.json, "refusal": refusal.preview(call.scope.language),
                ])
        }
    }

    private static func refusal(
        of added: [RoleRecord], _ removed: [RoleRecord], to person: EffectivePermissions, isSelf: Bool, _ locked: RoleTransaction
    ) -> Problem? {
        do {
            try locked.check { rules throws(Refusal) in
                for role in removed { try rules.revoke(role.definition, from: person, isSelf: isSelf) }
                for role in added { try rules.assign(role.definition, to: person, isSelf: isSelf) }
            }
            return nil
        } catch {
            return error
        }
    }
}
