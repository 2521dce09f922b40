internal import Authorization
internal import Database
internal import HTTP
internal import Kernel
internal import Web

extension RolesFeature {
    func createRole(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let fields = RoleInput(&input, isNew: true)
        try input.finish()
        return try await change(call, requiring: .rolesManage) { locked in
            guard locked.records.count < RoleStore.maximumCount else { throw Self.tooMany }
            var role = RoleRecord(new: locked.tools.ids.next(), name: "", priority: 0, at: locked.now)
            try fields.apply(to: &role) { locked.role($0)?.id }
            try locked.requireFreeName(role)
            try locked.check { rules throws(Refusal) in try rules.create(role.definition) }
            let saved = try locked.save(role, from: nil, action: "role.create")
            var reply = Reply.json(201, saved.json(memberCount: 0)).tagged(version: saved.version)
            reply.headers["Location"] = "/api/v1/roles/\(saved.id.uuid)"
            return (reply, .users([]))
        }
    }

    func editRole(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let fields = RoleInput(&input, isNew: false)
        let isConfirmed = input.bool("confirm") ?? false
        try input.finish()
        let reference = call.parameter("id")
        return try await change(call, requiring: .rolesManage) { locked in
            guard let before = locked.role(reference) else { throw Problem.notFound }
            try call.checkIfMatch(version: before.version)
            var after = before
            try fields.apply(to: &after) { locked.role($0)?.id }
            return try Self.save(after, from: before, action: "role.update", isConfirmed: isConfirmed, locked)
        }
    }

    func rollbackRole(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let version = input.integer("version", 1...Int64.max, required: true)
        let isConfirmed = input.bool("confirm") ?? false
        try input.finish()
        let target = try input.required(version)
        let reference = call.parameter("id")
        return try await change(call, requiring: .rolesManage) { locked in
            guard let before = locked.role(reference) else { throw Problem.notFound }
            try call.checkIfMatch(version: before.version)
            guard let snapshot = try RoleStore.snapshot(before.id, version: target, in: locked.transaction) else {
                throw Problem.invalid(
                    "/version", "unknown_version", LocalizedText(en: "There is no such version.", fr: "Cette version n’existe pas."))
            }
            var after = before
            after.restore(snapshot)
            return try Self.save(after, from: before, action: "role.rollback", isConfirmed: isConfirmed, locked)
        }
    }

    /// What an edit and a rollback have in common; a change of nothing makes no version.
    private static func save(
        _ after: RoleRecord, from before: RoleRecord, action: String, isConfirmed: Bool, _ locked: RoleTransaction
    ) throws -> (Reply, AuthorizationChange.Concerned) {
        try locked.requireFreeName(after)
        let rules = RoleRules(actor: locked.actor ?? EffectivePermissions(), graph: locked.graph)
        let addsDenies = rules.addsDenies(from: before.definition, to: after.definition)
        let highest = addsDenies ? try locked.highestHolder(of: before.id) : nil
        try locked.check { rules throws(Refusal) in try rules.edit(before.definition, to: after.definition, highestHolder: highest) }
        try locked.requireNoLockOut(after: locked.graph.replacing(after.definition), isConfirmed: isConfirmed)
        let saved = after.snapshot == before.snapshot ? before : try locked.save(after, from: before, action: action)
        let count = try RoleStore.memberCounts(of: [saved.id], at: locked.now, in: locked.transaction)[saved.id] ?? 0
        return (.json(200, saved.json(memberCount: count)).tagged(version: saved.version), try locked.concerned(by: saved.id))
    }

    private static let tooMany = Problem.conflict(
        "too_many_roles",
        LocalizedText(
            en: "A site has at most \(RoleStore.maximumCount) roles.", fr: "Un site compte au plus \(RoleStore.maximumCount) rôles."))
}
