package import Kernel

/// The roles that every site has; they can be edited but not deleted, renamed or moved.
package enum SystemRole: String, Sendable, CaseIterable {
    case owner, admin, mod, staff, member, guest

    /// Leaves room for custom roles between any two; most sites want them between `member` and `staff`.
    package var priority: Int {
        switch self {
        case .owner: 1000
        case .admin: 900
        case .mod: 500
        case .staff: 100
        case .member: 10
        case .guest: 0
        }
    }

    /// Everybody, or everybody who is not signed in, has it: a deny here would shut all of them out.
    package var mayCarryDenies: Bool { self != .member && self != .guest }

    /// Given and taken through the API; `owner` is for the command line, `guest` is nobody in particular.
    package var isAssignable: Bool { self != .owner && self != .guest }
}

/// A role as the rules see it.
package struct RoleDefinition: Hashable, Sendable {
    package var id: RoleID
    package var name: String
    /// 0…1000; a higher one manages a strictly lower one.
    package var priority: Int
    package var allowed: [PermissionPattern]
    package var denied: [PermissionPattern]
    package var inherits: [RoleID]
    package var system: SystemRole?
    package var isDeleted: Bool

    package static let priorities: ClosedRange<Int> = 0...1000

    package init(
        id: RoleID, name: String, priority: Int, allowed: [PermissionPattern] = [], denied: [PermissionPattern] = [],
        inherits: [RoleID] = [], system: SystemRole? = nil, isDeleted: Bool = false
    ) {
        (self.id, self.name, self.priority, self.allowed, self.denied) = (id, name, priority, allowed, denied)
        (self.inherits, self.system, self.isDeleted) = (inherits, system, isDeleted)
    }
}
