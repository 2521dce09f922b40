internal import Kernel

/// What somebody may do to roles, decided from the roles as they are and the actor's rights at this moment.
///
/// That the actor has `roles.manage` or `roles.assign` at all is asked before; these are the limits of it.
package struct RoleRules: Sendable {
    package let actor: EffectivePermissions
    package let graph: RoleGraph

    package init(actor: EffectivePermissions, graph: RoleGraph) {
        (self.actor, self.graph) = (actor, graph)
    }

    package func create(_ role: RoleDefinition) throws(Refusal) {
        try requireBelow(role)
        try requireSound(role)
        try requireGrants(from: nil, to: role, highestHolder: nil)
    }

    /// - Parameter highestHolder: the highest rank among those who hold the role or one of its heirs; nil when nobody does. It matters only
    ///   when `addsDenies`.
    package func edit(_ before: RoleDefinition, to after: RoleDefinition, highestHolder: Int?) throws(Refusal) {
        try requireBelow(before)
        if let system = before.system, after.name != before.name || after.priority != before.priority || after.system != system {
            throw .systemRole(name: before.name)
        }
        try requireBelow(after)
        try requireSound(after)
        try requireGrants(from: before, to: after, highestHolder: highestHolder)
    }

    /// Deleting gives back what the role denied, so the actor must hold it.
    package func delete(_ role: RoleDefinition) throws(Refusal) {
        guard role.system == nil else { throw .systemRole(name: role.name) }
        try requireBelow(role)
        let heirs = graph.directHeirs(of: role.id)
        guard heirs.isEmpty else { throw .inherited(by: heirs.map(\.name)) }
        try requireGrants(from: role, to: nil, highestHolder: nil)
    }

    /// Undoing a deletion gives everything the role holds to those who still have it.
    package func restore(_ role: RoleDefinition, highestHolder: Int?) throws(Refusal) {
        try requireBelow(role)
        try requireSound(role)
        try requireGrants(from: nil, to: role, highestHolder: highestHolder)
    }

    /// Whether the change denies something that the role, with what it inherits, did not.
    package func addsDenies(from before: RoleDefinition?, to after: RoleDefinition) -> Bool {
        !compile(after).denied.subtracting(before.map { compile($0).denied } ?? PermissionSet()).isEmpty
    }

    /// The role as it would be among the live ones.
    private func compile(_ role: RoleDefinition) -> RoleGraph.Compiled {
        var live = role
        live.isDeleted = false
        guard let compiled = graph.replacing(live).compiled[role.id] else { preconditionFailure("a live role is compiled") }
        return compiled
    }

    /// Only strictly below the own highest role; the owner's role is nobody's to touch.
    func requireBelow(_ role: RoleDefinition) throws(Refusal) {
        if role.system == .owner { throw .ownerRole }
        guard role.priority < actor.rank else { throw .roleNotBelow(name: role.name, priority: role.priority) }
    }

    /// What must hold for the role whoever saves it: inheritance downwards, and no denies for everybody.
    private func requireSound(_ role: RoleDefinition) throws(Refusal) {
        for (index, id) in role.inherits.enumerated() {
            if id == role.id { throw .inheritsCycle(index: index) }
            guard let parent = graph[id] else { throw .inheritsUnknown(index: index) }
            if graph.compiled[id]?.lineage.contains(where: { $0.role == role.id }) == true { throw .inheritsCycle(index: index) }
            guard parent.priority < role.priority else { throw .inheritsNotLower(index: index, name: parent.name) }
        }
        let low = graph.directHeirs(of: role.id).filter { $0.priority <= role.priority }
        guard low.isEmpty else { throw .heirsNotHigher(low.map(\.name)) }
        var live = role
        live.isDeleted = false
        let after = graph.replacing(live)
        for system in SystemRole.allCases where !system.mayCarryDenies {
            guard let everybody = after[system], let compiled = after.compiled[everybody.id] else { continue }
            guard compiled.denied.isEmpty else { throw .deniesForEverybody(role: everybody.name) }
        }
    }

    /// What the change gives must be held, be it an allow added or a deny lifted; a new deny must be held too, and hit only those below.
    private func requireGrants(from before: RoleDefinition?, to after: RoleDefinition?, highestHolder: Int?) throws(Refusal) {
        let old = before.map(compile)
        let new = after.map(compile)
        let added = (new?.patterns ?? []).filter { pattern in !(old?.patterns ?? []).contains { $0.covers(pattern) } }
        let ungrantable = added.filter { !actor.canGrant($0) }
        guard ungrantable.isEmpty else { throw .cannotGrant(ungrantable.sorted()) }
        let oldDenied = old?.denied ?? PermissionSet()
        let newDenied = new?.denied ?? PermissionSet()
        let changed = newDenied.subtracting(oldDenied).union(oldDenied.subtracting(newDenied)).subtracting(actor.permissions)
        guard changed.isEmpty else { throw .cannotDeny(changed.permissions) }
        // An owner is above everybody but owners, whom denies do not touch.
        guard !newDenied.subtracting(oldDenied).isEmpty, !actor.isOwner, let highestHolder else { return }
        guard highestHolder < actor.rank else { throw .holdersNotBelow }
    }
}
