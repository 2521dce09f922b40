internal import Authorization
internal import Database
internal import Directory
internal import Kernel
internal import Web

extension RolesFeature {
    /// How many people a preview looks at, and how many it names.
    private static let (evaluated, named) = (5000, 200)

    /// What saving would do, without saving: a new role's fields, or `role_id` with a patch or `"deleted": true`; `user_id` for one person, to
    /// whom a new role is given in thought.
    func previewRole(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let roleReference = input.string("role_id", length: 1...200)
        let userReference = input.string("user_id", length: 1...200)
        let isDeletion = input.bool("deleted") ?? false
        let fields = RoleInput(&input, isNew: roleReference == nil)
        try input.finish()
        return try await database.read { [tools] transaction in
            let locked = try LockedRoles(tools, call.scope, readingIn: transaction)
            try locked.require(.rolesManage)
            return .json(200, try Self.preview(roleReference, userReference, isDeletion: isDeletion, fields, locked))
        }
    }

    private static func preview(
        _ roleReference: String?, _ userReference: String?, isDeletion: Bool, _ fields: RoleInput, _ locked: LockedRoles
    ) throws -> JSON {
        let before = try roleReference.map { reference in
            guard let role = locked.role(reference) else {
                throw Problem.invalid("/role_id", "unknown_role", RoleInput.unknownRole(reference))
            }
            return role
        }
        var after = before ?? RoleRecord(new: RoleID(rawValue: 0), name: "", priority: 0, at: locked.now)
        try fields.apply(to: &after) { locked.role($0)?.id }
        let graph = isDeletion ? locked.graph.removing(after.id) : locked.graph.replacing(after.definition)
        let concerned = before.map { [$0.id] + locked.graph.heirs(of: $0.id).map(\.id) } ?? []
        var users = try userReference.map { reference in
            [try locked.tools.directory.resolve(reference, scope: locked.scope, in: locked.transaction)]
        }
        if users == nil { users = try AssignmentStore.holders(of: concerned, limit: evaluated, at: locked.now, in: locked.transaction) }
        let impact = try impact(on: users ?? [], graph, giving: before == nil ? after.id : nil, locked)
        let problem = refusal(of: after, from: before, isDeletion: isDeletion, graph, locked)
        return [
            "gains": .array(impact.gains.keys.map(JSON.string)), "loses": .array(impact.losses.keys.map(JSON.string)),
            "member_count": JSON(users?.count ?? 0), "affected_count": JSON(impact.people.count),
            "users": .array(Array(impact.people.prefix(named))),
            "refusal": problem.map { ["code": .string($0.code), "detail": .string($0.detail(locked.scope.language))] } ?? .null,
        ]
    }

    /// Who of the people gains or loses what, and all of it together.
    private static func impact(on users: [UserID], _ after: RoleGraph, giving role: RoleID?, _ locked: LockedRoles) throws -> (
        gains: PermissionSet, losses: PermissionSet, people: [JSON]
    ) {
        let holdings = try AssignmentStore.holdings(of: users, in: locked.transaction)
        let members = try locked.tools.directory.members(Array(users.prefix(evaluated)), in: locked.transaction)
        let names = Dictionary(members.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var (gains, losses) = (PermissionSet(), PermissionSet())
        var people: [JSON] = []
        for user in users {
            var held = holdings[user] ?? Holdings()
            if let role { held.assignments.append(Assignment(role)) }
            let change = locked.graph.impact(of: after, on: held, at: locked.now)
            guard !change.gains.isEmpty || !change.losses.isEmpty else { continue }
            gains.formUnion(change.gains)
            losses.formUnion(change.losses)
            people.append([
                "user_id": JSON(user), "username": JSON(names[user]?.username), "display_name": JSON(names[user]?.displayName),
                "gains": .array(change.gains.keys.map(JSON.string)), "loses": .array(change.losses.keys.map(JSON.string)),
            ])
        }
        return (gains, losses, people)
    }

    /// What the save would be refused with, `would_lock_out` included.
    private static func refusal(
        of after: RoleRecord, from before: RoleRecord?, isDeletion: Bool, _ graph: RoleGraph, _ locked: LockedRoles
    ) -> Problem? {
        do {
            try locked.requireFreeName(after)
            guard let before else {
                try locked.check { rules throws(Refusal) in try rules.create(after.definition) }
                return nil
            }
            let highest = try locked.highestHolder(of: before.id)
            try locked.check { rules throws(Refusal) in
                if isDeletion {
                    try rules.delete(before.definition)
                } else {
                    try rules.edit(before.definition, to: after.definition, highestHolder: highest)
                }
            }
            try locked.requireNoLockOut(after: graph, isConfirmed: false)
            return nil
        } catch let problem as Problem {
            return problem
        } catch {
            return .internalError("\(error)")
        }
    }
}
