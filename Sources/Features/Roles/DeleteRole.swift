internal import Authorization
internal import Database
internal import Kernel
internal import Web

extension RolesFeature {
    /// The role is kept and so are its assignments; they count for nothing until it is restored.
    func deleteRole(_ call: Call) async throws -> Reply {
        var query = try call.query
        var input = try Input(try call.body())
        let isConfirmed = (query.bool("confirm") ?? false) || (input.bool("confirm") ?? false)
        try query.finish()
        try input.finish()
        let reference = call.parameter("id")
        return try await change(call, requiring: .rolesManage) { locked in
            guard let before = locked.role(reference) else { throw Problem.notFound }
            try call.checkIfMatch(version: before.version)
            try locked.check { rules throws(Refusal) in try rules.delete(before.definition) }
            try locked.requireNoLockOut(after: locked.graph.removing(before.id), isConfirmed: isConfirmed)
            var after = before
            after.deletedAt = locked.now
            after.definition.isDeleted = true
            _ = try locked.save(after, from: before, action: "role.delete")
            return (.noContent, try locked.concerned(by: before.id))
        }
    }

    /// Undoes a deletion, assignments included; restoring a live role changes nothing.
    func restoreRole(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let isConfirmed = input.bool("confirm") ?? false
        try input.finish()
        let reference = call.parameter("id")
        return try await change(call, requiring: .rolesManage) { locked in
            guard let before = try Self.deletedOrLive(reference, locked) else { throw Problem.notFound }
            try call.checkIfMatch(version: before.version)
            var saved = before
            if before.deletedAt != nil {
                saved.deletedAt = nil
                saved.definition.isDeleted = false
                try locked.requireFreeName(saved)
                let highest = try locked.highestHolder(of: before.id)
                let definition = saved.definition
                try locked.check { rules throws(Refusal) in try rules.restore(definition, highestHolder: highest) }
                try locked.requireNoLockOut(after: locked.graph.replacing(definition), isConfirmed: isConfirmed)
                saved = try locked.save(saved, from: before, action: "role.restore")
            }
            let count = try RoleStore.memberCounts(of: [saved.id], at: locked.now, in: locked.transaction)[saved.id] ?? 0
            return (.json(200, saved.json(memberCount: count)).tagged(version: saved.version), try locked.concerned(by: saved.id))
        }
    }

    /// A name that no live role has finds the one that was deleted last under it.
    private static func deletedOrLive(_ reference: String, _ locked: RoleTransaction) throws -> RoleRecord? {
        if let live = try RoleStore.find(reference, in: locked.transaction) { return live }
        guard reference.hasPrefix("role_") else { return nil }
        return try RoleStore.lastDeleted(named: String(reference.dropFirst(5)), in: locked.transaction)
    }
}
