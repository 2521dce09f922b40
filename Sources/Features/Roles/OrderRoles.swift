internal import Authorization
internal import Database
internal import HTTP
internal import Kernel
internal import Web

extension RolesFeature {
    /// `{"order": [{"role_id", "version"?}, …]}`, the highest first: puts these roles in this order, all of it or nothing.
    ///
    /// As few priorities as can be change, each with a version and an entry of its own; roles that are not named keep theirs, and those that are
    /// share the places that they had.
    func orderRoles(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let asked = Self.order(&input)
        try input.finish()
        return try await change(call, requiring: .rolesManage) { locked in
            let wanted = try Self.resolve(asked, locked)
            let actor = locked.actor ?? EffectivePermissions()
            let moved: [RoleDefinition]
            do {
                moved = try RoleOrder.changes(
                    for: locked.graph.ordered(with: wanted.map(\.definition)), moving: Set(wanted.map(\.id)), below: actor.rank)
                try RoleRules(actor: actor, graph: locked.graph).reorder(to: moved)
            } catch let refusal as Refusal {
                throw refusal.problem
            }
            var saved = Dictionary(uniqueKeysWithValues: wanted.map { ($0.id, $0) })
            var concerned = AuthorizationChange.Concerned.users([])
            for definition in moved {
                guard let before = saved[definition.id] else { continue }
                var after = before
                after.definition = definition
                saved[after.id] = try locked.save(after, from: before, action: "role.reorder")
                concerned = concerned.union(try locked.concerned(by: after.id))
            }
            let counts = try RoleStore.memberCounts(of: wanted.map(\.id), at: locked.now, in: locked.transaction)
            let items = wanted.compactMap { saved[$0.id] }.map { $0.json(memberCount: counts[$0.id] ?? 0) }
            return (.page(items, next: nil), concerned)
        }
    }

    private static func order(_ input: inout Input) -> [(reference: String, version: Int64?)] {
        guard let elements = input.raw("order")?.array, (1...RoleStore.maximumCount).contains(elements.count) else {
            input.fail(
                "order", "type",
                LocalizedText(
                    en: "A list of 1 to \(RoleStore.maximumCount) roles is expected.",
                    fr: "Une liste de 1 à \(RoleStore.maximumCount) rôles est attendue."))
            return []
        }
        var order: [(reference: String, version: Int64?)] = []
        for (index, element) in elements.enumerated() {
            do {
                var entry = try Input(element, at: "/order/\(index)")
                let reference = entry.string("role_id", length: 1...200, required: true)
                let version = entry.integer("version", 1...Int64.max)
                try entry.finish()
                order.append((try entry.required(reference), version))
            } catch let problem {
                input.take(problem.faults)
            }
        }
        return order
    }

    /// The live roles meant, each once, and each at the version that was seen.
    private static func resolve(_ asked: [(reference: String, version: Int64?)], _ locked: RoleTransaction) throws(Problem) -> [RoleRecord]
    {
        var roles: [RoleRecord] = []
        var faults: [Problem.Fault] = []
        var isStale = false
        for (index, (reference, version)) in asked.enumerated() {
            guard let role = locked.role(reference) else {
                faults.append(Problem.Fault("/order/\(index)/role_id", "unknown_role", RoleInput.unknownRole(reference)))
                continue
            }
            if roles.contains(where: { $0.id == role.id }) {
                faults.append(Problem.Fault("/order/\(index)/role_id", "repeated", repeated))
            }
            isStale = isStale || version.map { $0 != role.version } ?? false
            roles.append(role)
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        guard !isStale else { throw .stale }
        return roles
    }

    private static let repeated = LocalizedText(en: "This role stands in the list already.", fr: "Ce rôle est déjà dans la liste.")
}

extension AuthorizationChange.Concerned {
    /// Everybody whom either concerns.
    func union(_ other: Self) -> Self {
        guard case .users(let mine) = self, case .users(let theirs) = other else { return .everybody }
        return .users(mine.union(theirs))
    }
}
