package import Kernel

/// All live roles with their inheritance resolved: compiled once a change, then every question is a lookup.
package struct RoleGraph: Sendable {
    /// A role with everything it inherits.
    package struct Compiled: Sendable {
        package let definition: RoleDefinition
        package internal(set) var allowed = PermissionSet()
        package internal(set) var denied = PermissionSet()
        package internal(set) var patterns: Set<PermissionPattern> = []
        /// The role itself, then each inherited one once, with the roles that lead to it from the held one.
        package internal(set) var lineage: [(role: RoleID, path: [RoleID])] = []
    }

    package let compiled: [RoleID: Compiled]
    private let bySystem: [SystemRole: RoleID]

    /// - Parameter roles: deleted ones are left out, and so is what somebody inherits from them.
    package init(_ roles: some Sequence<RoleDefinition>) {
        let live = Dictionary(uniqueKeysWithValues: roles.filter { !$0.isDeleted }.map { ($0.id, $0) })
        compiled = live.mapValues { Self.compile($0, among: live) }
        bySystem = Dictionary(live.values.compactMap { role in role.system.map { ($0, role.id) } }, uniquingKeysWith: { first, _ in first })
    }

    package subscript(id: RoleID) -> RoleDefinition? { compiled[id]?.definition }

    package subscript(system: SystemRole) -> RoleDefinition? { bySystem[system].flatMap { self[$0] } }

    package var definitions: [RoleDefinition] { compiled.values.map(\.definition) }

    /// The roles that inherit `id`, directly or through others.
    package func heirs(of id: RoleID) -> [RoleDefinition] {
        compiled.values.filter { $0.definition.id != id && $0.lineage.contains { $0.role == id } }.map(\.definition)
            .sorted { ($0.priority, $1.name) > ($1.priority, $0.name) }
    }

    /// The roles that name `id` in their own `inherits`.
    package func directHeirs(of id: RoleID) -> [RoleDefinition] { heirs(of: id).filter { $0.inherits.contains(id) } }

    /// The same site with one role added or changed.
    package func replacing(_ role: RoleDefinition) -> RoleGraph {
        RoleGraph(definitions.filter { $0.id != role.id } + [role])
    }

    package func removing(_ id: RoleID) -> RoleGraph { RoleGraph(definitions.filter { $0.id != id }) }

    /// Breadth first, so that each inherited role is told of by its shortest path; a role met again is skipped, so that even a cycle would end.
    private static func compile(_ role: RoleDefinition, among live: [RoleID: RoleDefinition]) -> Compiled {
        var result = Compiled(definition: role)
        var seen: Set<RoleID> = [role.id]
        var queue: [(role: RoleDefinition, path: [RoleID])] = [(role, [])]
        var next = 0
        while next < queue.count {
            let (current, path) = queue[next]
            next += 1
            result.lineage.append((current.id, path))
            result.patterns.formUnion(current.allowed)
            result.denied.formUnion(current.denied.permissions)
            for id in current.inherits where seen.insert(id).inserted {
                if let parent = live[id] { queue.append((parent, path + [current.id])) }
            }
        }
        result.allowed = result.patterns.permissions
        return result
    }
}

extension RoleGraph {
    /// The effective rights: everything allowed by active roles, what they inherit and overrides, minus everything denied by any of them.
    package func rights(of holdings: RoleGrants, at now: Timestamp) -> EffectivePermissions {
        var rights = EffectivePermissions()
        var patterns: Set<PermissionPattern> = []
        var held: [RoleDefinition] = []
        for assignment in holdings.assignments where assignment.isActive(at: now) {
            guard let role = compiled[assignment.role], !held.contains(where: { $0.id == assignment.role }) else { continue }
            held.append(role.definition)
            rights.permissions.formUnion(role.allowed)
            rights.denied.formUnion(role.denied)
            patterns.formUnion(role.patterns)
            if let end = assignment.expiresAt { rights.validUntil = min(rights.validUntil ?? end, end) }
        }
        for override in holdings.overrides {
            switch override.effect {
            case .allow:
                rights.permissions.insert(override.permission)
                patterns.insert(.exact(override.permission))
            case .deny: rights.denied.insert(override.permission)
            }
        }
        held.sort { ($0.priority, $1.name) > ($1.priority, $0.name) }
        rights.roles = held.map(\.id)
        rights.rank = held.first?.priority ?? .min
        rights.isOwner = held.contains { $0.system == .owner }
        rights.allowed = patterns.sorted()
        if rights.isOwner { rights.denied = PermissionSet() }
        rights.permissions.subtract(rights.denied)
        return rights
    }

    /// What somebody who is not signed in may do.
    package func guestRights(at now: Timestamp) -> EffectivePermissions {
        rights(of: RoleGrants(assignments: self[.guest].map { [Assignment($0.id)] } ?? []), at: now)
    }
}
