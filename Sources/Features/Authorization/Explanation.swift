package import Kernel

/// Why somebody has a permission or lacks it.
package struct Explanation: Hashable, Sendable {
    /// What speaks for or against it; all of them, not only the one that decided.
    package struct Cause: Hashable, Sendable {
        package enum Source: Hashable, Sendable {
            /// A role that they hold.
            case role(RoleID)
            /// A role that one of theirs inherits; `path` leads from the held role to the one before it.
            case inherited(RoleID, path: [RoleID])
            case override
        }

        package let source: Source
        package let effect: Effect
        /// What the source names: the permission itself or the wildcard that holds it.
        package let pattern: PermissionPattern
    }

    package let permission: Permission
    package let isGranted: Bool
    package let causes: [Cause]
    /// An owner's denies are told, but do not count.
    package let ignoresDenies: Bool
}

extension RoleGraph {
    package func explain(_ permission: Permission, of holdings: RoleGrants, at now: Timestamp) -> Explanation {
        var causes: [Explanation.Cause] = []
        var isOwner = false
        let held = holdings.assignments.filter { $0.isActive(at: now) }.compactMap { compiled[$0.role] }
            .sorted { ($0.definition.priority, $1.definition.name) > ($1.definition.priority, $0.definition.name) }
        for role in held {
            isOwner = isOwner || role.definition.system == .owner
            for (id, path) in role.lineage {
                guard let definition = self[id] else { continue }
                let source: Explanation.Cause.Source = path.isEmpty ? .role(id) : .inherited(id, path: path)
                for (patterns, effect) in [(definition.allowed, Effect.allow), (definition.denied, .deny)] {
                    for pattern in patterns.normalized where pattern.covers(.exact(permission)) {
                        causes.append(Explanation.Cause(source: source, effect: effect, pattern: pattern))
                    }
                }
            }
        }
        for override in holdings.overrides where override.permission == permission {
            causes.append(Explanation.Cause(source: .override, effect: override.effect, pattern: .exact(permission)))
        }
        let isAllowed = causes.contains { $0.effect == .allow }
        let isDenied = causes.contains { $0.effect == .deny }
        return Explanation(
            permission: permission, isGranted: isAllowed && (isOwner || !isDenied), causes: causes, ignoresDenies: isOwner)
    }
}
