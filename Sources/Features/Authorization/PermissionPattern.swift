package import Kernel

/// What a role or an override names: one permission, a module's permissions (`users.*`) or all of them (`*`).
///
/// A wildcard also holds what later versions of Foyer add to the registry; granting one therefore needs the same or a wider one.
package enum PermissionPattern: Hashable, Sendable {
    case everything
    case module(String)
    case exact(Permission)
    /// Of an API key alone: its person's own account.
    case own(OwnAccess)
    /// All of that.
    case ownAccount

    /// Nil when neither the registry nor its modules know the text.
    package init?(_ text: String) {
        if text == "*" {
            self = .everything
        } else if let permission = Permission(key: text) {
            self = .exact(permission)
        } else if let access = OwnAccess(rawValue: text) {
            self = .own(access)
        } else if text == "self.*" {
            self = .ownAccount
        } else if text.hasSuffix(".*"), Permission.module(String(text.dropLast(2))) != nil {
            self = .module(String(text.dropLast(2)))
        } else {
            return nil
        }
    }

    package var text: String {
        switch self {
        case .everything: "*"
        case .module(let name): "\(name).*"
        case .exact(let permission): permission.key
        case .own(let access): access.rawValue
        case .ownAccount: "self.*"
        }
    }

    /// Whether only an API key can have it.
    package var isForKeys: Bool {
        switch self {
        case .own, .ownAccount: true
        case .everything, .module, .exact: false
        }
    }

    package var isWildcard: Bool { if case .exact = self { false } else { true } }

    /// Every permission of today's registry that the pattern names.
    package var permissions: PermissionSet {
        switch self {
        case .everything: .all
        case .module(let name): Permission.module(name) ?? PermissionSet()
        case .exact(let permission): PermissionSet([permission])
        case .own, .ownAccount: PermissionSet()
        }
    }

    /// Whether whatever `other` names, now or later, this names too.
    package func covers(_ other: PermissionPattern) -> Bool {
        switch (self, other) {
        case (.everything, _): true
        case (_, .everything): false
        case (.module(let name), .module(let otherName)): name == otherName
        case (.module(let name), .exact(let permission)): permission.definition.module == name
        case (.exact, .module): false
        case (.exact(let permission), .exact(let otherPermission)): permission == otherPermission
        case (.ownAccount, .own), (.ownAccount, .ownAccount): true
        case (.own(let access), .own(let other)): access == other
        case (.own, _), (.ownAccount, _), (_, .own), (_, .ownAccount): false
        }
    }

    /// The narrower of two patterns of which one covers the other; nil for two that have nothing in common.
    package func meet(_ other: PermissionPattern) -> PermissionPattern? {
        covers(other) ? other : other.covers(self) ? self : nil
    }
}

extension PermissionPattern: Comparable {
    /// By text, so that stored sets and answers have one order.
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension Sequence<PermissionPattern> {
    /// Everything that any of the patterns names.
    package var permissions: PermissionSet { reduce(into: PermissionSet()) { $0.formUnion($1.permissions) } }

    /// Each once, in order.
    package var normalized: [PermissionPattern] { Set(self).sorted() }
}
