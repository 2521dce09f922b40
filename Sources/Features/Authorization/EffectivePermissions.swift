package import Kernel

/// What one person may do at one moment: the outcome of roles, inheritance and overrides.
package struct EffectivePermissions: Hashable, Sendable {
    /// Allowed by anything and denied by nothing.
    package var permissions = PermissionSet()
    /// What the roles and overrides allow, wildcards as such: only they show whether a wildcard may be granted.
    package var allowed: [PermissionPattern] = []
    package var denied = PermissionSet()
    /// Exempt from denies.
    package var isOwner = false
    /// The highest priority among the active roles; `Int.min` without a role.
    package var rank = Int.min
    /// The active roles, the highest first.
    package var roles: [RoleID] = []
    /// When the first of the assignments ends, and these rights with it.
    package var validUntil: Timestamp?

    package init() {}

    package func can(_ permission: Permission) -> Bool { permissions.contains(permission) }
}

extension EffectivePermissions {
    /// Nobody can grant what they do not hold; a wildcard needs the same or a wider one with nothing of it denied.
    package func canGrant(_ pattern: PermissionPattern) -> Bool {
        if pattern.isForKeys { return true }
        guard case .exact(let permission) = pattern else {
            return allowed.contains { $0.covers(pattern) } && permissions.isSuperset(of: pattern.permissions)
        }
        return permissions.contains(permission)
    }
}

extension EffectivePermissions {
    /// What is left of the rights to a key that was given these patterns: never more than the person holds, nor than the key names.
    ///
    /// Only a key with `*` is an owner as its owner is.
    package func narrowed(to patterns: [PermissionPattern]) -> EffectivePermissions {
        var rights = self
        rights.permissions = permissions.intersection(patterns.permissions)
        rights.allowed = allowed.flatMap { held in patterns.filter { !$0.isForKeys }.compactMap { held.meet($0) } }.normalized
        rights.isOwner = isOwner && patterns.contains(.everything)
        return rights
    }
}
