package import Kernel

/// A committed change of rights, and whose sockets and caches it concerns.
package struct AuthorizationChange: Sendable {
    package enum Concerned: Sendable, Hashable {
        /// A role changed: anybody may have it.
        case everybody
        case users(Set<UserID>)
    }

    package let version: Int64
    package let concerned: Concerned

    package init(version: Int64, concerned: Concerned) {
        (self.version, self.concerned) = (version, concerned)
    }

    package func concerns(_ user: UserID?) -> Bool {
        switch concerned {
        case .everybody: true
        case .users(let users): user.map(users.contains) ?? false
        }
    }
}
