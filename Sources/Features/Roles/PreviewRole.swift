internal import Authorization
internal import Database
internal import Directory
internal import Kernel
internal import Web

extension RolesFeature {
    /// What saving would do, without saving: a new role's fields, or `role_id` with a patch or `"deleted": true`; `user_id` for one person, to
    /// whom a new role is given in thought, and whose resulting permissions are told.
    ///
    /// Counts are exact however many hold the role. People are named to those who may see them.
    func previewRole(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let roleReference = input.string("role_id", length: 1...200)
        let userReference = input.string("user_id", length: 1...200)
        let isDeletion = input.bool("deleted") ?? false
        let fields = RoleInput(&input, isNew: roleReference == nil)
        try input.finish()
        return try await database.read { [tools] transaction in
            let locked = try RoleTransaction(tools, call.scope, readingIn: transaction)
            try locked.require(.rolesManage)
            let change = try RoleChange(roleReference, fields, isDeletion: isDeletion, locked)
            let impact =
                if let userReference {
                    try change.impact(on: try locked.visible(userReference), locked)
                } else {
                    try change.impact(locked)
                }
            return .json(200, impact.json(locked.scope, refusal: try change.refusal(locked)))
        }
    }
}

/// A role as it is and as it would be, with both worlds.
private struct RoleChange {
    let before: RoleRecord?
    let after: RoleRecord
    let isDeletion: Bool
    let graph: RoleGraph

    init(_ reference: String?, _ fields: RoleInput, isDeletion: Bool, _ locked: RoleTransaction) throws(Problem) {
        var before: RoleRecord?
        if let reference {
            before = locked.role(reference)
            guard before != nil else { throw .invalid("/role_id", "unknown_role", RoleInput.unknownRole(reference)) }
        }
        var after = before ?? RoleRecord(new: RoleID(rawValue: 0), name: "", priority: 0, at: locked.now)
        try fields.apply(to: &after) { locked.role($0)?.id }
        (self.before, self.after, self.isDeletion) = (before, after, isDeletion)
        graph = isDeletion ? locked.graph.removing(after.id) : locked.graph.replacing(after.definition)
    }

    /// What it does to one person.
    func impact(on user: UserID, _ locked: RoleTransaction) throws -> Impact {
        var held = try AssignmentStore.holdings(of: user, in: locked.transaction)
        if before == nil { held.assignments.append(Assignment(after.id)) }
        var impact = Impact()
        impact.add(locked.graph.impact(of: graph, on: held, at: locked.now), count: 1)
        impact.memberCount = 1
        impact.result = graph.rights(of: held, at: locked.now).permissions
        if impact.affectedCount > 0 { try impact.name([user], self, locked) }
        return impact
    }

    /// What it does to all who hold the role, directly or by inheritance.
    func impact(_ locked: RoleTransaction) throws -> Impact {
        var impact = Impact()
        guard let before else { return impact }
        let concerned = [before.id] + locked.graph.heirs(of: before.id).map(\.id)
        let changed = changes(of: concerned, locked.graph)
        let telling = Set(concerned + locked.graph.roles(touching: changed) + graph.roles(touching: changed))
        let sets = try RoleSets(settingApart: changed.permissions, at: locked.now, in: locked.transaction)
        var known: [Set<RoleID>: (gains: PermissionSet, losses: PermissionSet)] = [:]
        var affected: [RoleSets.Group] = []
        for group in sets.groups where group.count > 0 && concerned.contains(where: { group.roles.contains($0) }) {
            // Of all that they hold only these make a difference, so that many sets come to the same.
            let roles = group.roles.intersection(telling)
            let held = RoleGrants(assignments: roles.map { Assignment($0) })
            let change = known[roles] ?? locked.graph.impact(of: graph, on: held, at: locked.now)
            known[roles] = change
            impact.memberCount += group.count
            if impact.add(change, count: group.count) { affected.append(group) }
        }
        var named: [UserID] = []
        for (user, person) in sets.apart {
            let held = person.holdings.assignments.filter { $0.isActive(at: locked.now) }
            guard held.contains(where: { concerned.contains($0.role) }) else { continue }
            impact.memberCount += 1
            if impact.add(locked.graph.impact(of: graph, on: person.holdings, at: locked.now), count: 1) { named.append(user) }
        }
        guard locked.scope.can(.usersRead) else { return impact }
        named += try sets.people(of: affected, limit: Impact.named)
        try impact.name(Array(named.sorted().prefix(Impact.named)), self, locked)
        return impact
    }

    /// What any of the roles allows or denies in one world and not in the other.
    private func changes(of roles: [RoleID], _ old: RoleGraph) -> PermissionSet {
        var changed = PermissionSet()
        for id in roles {
            let (before, after) = (old.compiled[id], graph.compiled[id])
            for (left, right) in [(before?.allowed, after?.allowed), (before?.denied, after?.denied)] {
                let (left, right) = (left ?? PermissionSet(), right ?? PermissionSet())
                changed.formUnion(left.subtracting(right).union(right.subtracting(left)))
            }
        }
        return changed
    }

    /// What the save would be refused with, `would_lock_out` included.
    func refusal(_ locked: RoleTransaction) throws -> Problem? {
        do {
            try locked.requireFreeName(after)
            guard let before else {
                try locked.check { rules throws(Refusal) in try rules.create(after.definition) }
                return nil
            }
            let rules = RoleRules(actor: locked.actor ?? EffectivePermissions(), graph: locked.graph)
            let addsDenies = !isDeletion && rules.addsDenies(from: before.definition, to: after.definition)
            let highest = addsDenies ? try locked.highestHolder(of: before.id) : nil
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
        }
    }
}

/// Who gains and who loses what.
private struct Impact {
    /// How many people are named.
    static let named = 200

    var gains = PermissionSet()
    var losses = PermissionSet()
    var memberCount = 0
    var affectedCount = 0
    var people: [JSON] = []
    /// Of one person: all that they could do then.
    var result: PermissionSet?

    /// - Returns: whether anything changes for these people.
    @discardableResult
    mutating func add(_ change: (gains: PermissionSet, losses: PermissionSet), count: Int) -> Bool {
        guard !change.gains.isEmpty || !change.losses.isEmpty else { return false }
        gains.formUnion(change.gains)
        losses.formUnion(change.losses)
        affectedCount += count
        return true
    }

    mutating func name(_ users: [UserID], _ change: RoleChange, _ locked: RoleTransaction) throws {
        let holdings = try AssignmentStore.holdings(of: users, in: locked.transaction)
        let members = try locked.tools.directory.members(users, in: locked.transaction)
        let names = Dictionary(members.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        people = users.map { user in
            var held = holdings[user] ?? RoleGrants()
            if change.before == nil { held.assignments.append(Assignment(change.after.id)) }
            let effect = locked.graph.impact(of: change.graph, on: held, at: locked.now)
            return [
                "user_id": JSON(user), "username": JSON(names[user]?.username), "display_name": JSON(names[user]?.displayName),
                "gains": effect.gains.json, "loses": effect.losses.json,
            ]
        }
    }

    func json(_ scope: Scope, refusal: Problem?) -> JSON {
        var object: JSONObject = [
            "gains": gains.json, "loses": losses.json, "member_count": JSON(memberCount), "affected_count": JSON(affectedCount),
            "users": .array(people), "refusal": refusal.preview(scope.language),
        ]
        if let result { object.append("permissions", result.json) }
        return .object(object)
    }
}

extension PermissionSet {
    /// The keys, in the registry's order.
    var json: JSON { .array(keys.map(JSON.string)) }
}

extension Problem? {
    /// What a preview tells of a refusal.
    func preview(_ language: Language) -> JSON {
        map { ["code": .string($0.code), "detail": .string($0.detail(language))] } ?? .null
    }
}

extension RoleTransaction {
    /// Somebody whose rights the actor may see: themselves, or anybody for those who see roles.
    func visible(_ reference: String) throws -> UserID {
        try tools.directory.resolve(reference, ownOr: .rolesRead, scope: scope, in: transaction)
    }
}
