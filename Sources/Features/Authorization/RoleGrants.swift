package import Kernel

package enum Effect: String, Sendable, CaseIterable {
    case allow, deny
}

/// One permission allowed or denied to one person, whatever their roles say.
package struct Override: Hashable, Sendable {
    package var permission: Permission
    package var effect: Effect

    package init(_ permission: Permission, _ effect: Effect) {
        (self.permission, self.effect) = (permission, effect)
    }
}

/// A role held by one person, perhaps for a time.
package struct Assignment: Hashable, Sendable {
    package var role: RoleID
    package var expiresAt: Timestamp?

    package init(_ role: RoleID, expiresAt: Timestamp? = nil) {
        (self.role, self.expiresAt) = (role, expiresAt)
    }

    /// An assignment ends at its very millisecond, whether or not a service has revoked it yet.
    package func isActive(at now: Timestamp) -> Bool { expiresAt.map { now < $0 } ?? true }
}

/// Everything that decides one person's rights.
package struct RoleGrants: Hashable, Sendable {
    package var assignments: [Assignment]
    package var overrides: [Override]

    package init(assignments: [Assignment] = [], overrides: [Override] = []) {
        (self.assignments, self.overrides) = (assignments, overrides)
    }
}
