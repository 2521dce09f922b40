package import Kernel

extension RoleRules {
    /// Only those whose highest role is strictly below one's own; equals cannot manage each other, nor anybody themselves.
    package func manage(_ person: EffectivePermissions) throws(Refusal) {
        guard person.rank < actor.rank else { throw .personNotBelow }
    }

    /// - Parameter isSelf: one may give oneself a role below one's highest, and take it back.
    package func assign(_ role: RoleDefinition, to person: EffectivePermissions, isSelf: Bool) throws(Refusal) {
        try requireAssignable(role)
        try requireBelow(role)
        if !isSelf { try manage(person) }
        guard let compiled = graph.compiled[role.id] else { throw .notAssignable(name: role.name) }
        let ungrantable = compiled.patterns.filter { !actor.canGrant($0) }
        guard ungrantable.isEmpty else { throw .cannotGrant(ungrantable.sorted()) }
        try requireMayDeny(compiled.denied)
    }

    /// A deny is added and lifted only by whoever holds what it denies: by a role that is given or taken as by an override.
    private func requireMayDeny(_ denied: PermissionSet) throws(Refusal) {
        let missing = denied.subtracting(actor.permissions)
        guard missing.isEmpty else { throw .cannotDeny(missing.permissions) }
    }

    /// Taking a role away gives back what it denied, so the actor must hold that.
    package func revoke(_ role: RoleDefinition, from person: EffectivePermissions, isSelf: Bool) throws(Refusal) {
        if role.system == .owner { throw .ownerRole }
        try requireBelow(role)
        if !isSelf { try manage(person) }
        try requireMayDeny(graph.compiled[role.id]?.denied ?? PermissionSet())
    }

    /// Setting, changing or clearing (`after` nil) one override: whichever way, only for a permission that the actor holds, on somebody below.
    package func override(_ permission: Permission, from before: Effect?, to after: Effect?, of person: EffectivePermissions)
        throws(Refusal)
    {
        try manage(person)
        guard before != after, !actor.can(permission) else { return }
        if after == .allow { throw .cannotGrant([.exact(permission)]) }
        if after == .deny || before == .deny { try requireMayDeny(PermissionSet([permission])) }
    }

    private func requireAssignable(_ role: RoleDefinition) throws(Refusal) {
        guard let system = role.system, !system.isAssignable else { return }
        throw system == .owner ? .ownerRole : .notAssignable(name: role.name)
    }
}

extension RoleGraph {
    /// Whether anybody but owners has the permission, among the given holdings.
    package func isHeld(_ permission: Permission, besidesOwnersBy holdings: some Sequence<RoleGrants>, at now: Timestamp) -> Bool {
        holdings.contains { person in
            let rights = rights(of: person, at: now)
            return !rights.isOwner && rights.can(permission)
        }
    }

    /// The roles that allow the permission, directly or by inheritance, so that those who may have it can be looked up.
    package func roles(allowing permission: Permission) -> [RoleID] {
        compiled.values.filter { $0.allowed.contains(permission) }.map(\.definition.id).sorted()
    }

    /// The roles that deny the permission, directly or by inheritance.
    package func roles(denying permission: Permission) -> [RoleID] {
        compiled.values.filter { $0.denied.contains(permission) }.map(\.definition.id).sorted()
    }

    /// The roles that allow or deny any of the permissions, and the owner's, whom no deny touches.
    package func roles(touching permissions: PermissionSet) -> [RoleID] {
        compiled.values.filter { role in
            role.definition.system == .owner || !role.allowed.union(role.denied).intersection(permissions).isEmpty
        }.map(\.definition.id).sorted()
    }

    /// What a change of roles gives to and takes from somebody with these holdings.
    package func impact(of after: RoleGraph, on holdings: RoleGrants, at now: Timestamp) -> (gains: PermissionSet, losses: PermissionSet) {
        let old = rights(of: holdings, at: now).permissions
        let new = after.rights(of: holdings, at: now).permissions
        return (new.subtracting(old), old.subtracting(new))
    }
}
