import Authorization
import Kernel

/// A small site in memory: the system roles and what a test adds to them.
struct Site {
    static let now = Timestamp(milliseconds: 1_800_000_000_000)
    private(set) var roles: [RoleDefinition]

    init() {
        roles = SystemRole.allCases.enumerated().map { index, system in
            RoleDefinition(
                id: RoleID(rawValue: Int64(index + 1)), name: system.rawValue, priority: system.priority,
                allowed: system == .owner || system == .admin ? [.everything] : [], system: system)
        }
    }

    @discardableResult
    mutating func add(_ name: String, _ priority: Int, _ allowed: [String] = [], denied: [String] = [], inherits: [String] = [])
        -> RoleDefinition
    {
        let role = make(name, priority, allowed, denied: denied, inherits: inherits)
        roles.append(role)
        return role
    }

    /// A role that is not saved yet.
    func make(_ name: String, _ priority: Int, _ allowed: [String] = [], denied: [String] = [], inherits: [String] = []) -> RoleDefinition {
        RoleDefinition(
            id: RoleID(rawValue: Int64(roles.count + 1)), name: name, priority: priority, allowed: patterns(allowed),
            denied: patterns(denied),
            inherits: inherits.map { self[$0].id })
    }

    subscript(name: String) -> RoleDefinition {
        get {
            guard let role = roles.first(where: { $0.name == name }) else { preconditionFailure("no role \(name)") }
            return role
        }
        set { roles = roles.map { $0.name == name ? newValue : $0 } }
    }

    var graph: RoleGraph { RoleGraph(roles) }

    func holdings(_ names: [String], allow: [String] = [], deny: [String] = []) -> RoleGrants {
        RoleGrants(
            assignments: names.map { Assignment(self[$0].id) },
            overrides: allow.map { Override(permission($0), .allow) } + deny.map { Override(permission($0), .deny) })
    }

    func rights(_ names: [String], allow: [String] = [], deny: [String] = []) -> EffectivePermissions {
        graph.rights(of: holdings(names, allow: allow, deny: deny), at: Self.now)
    }

    func rules(_ names: [String], allow: [String] = [], deny: [String] = []) -> RoleRules {
        RoleRules(actor: rights(names, allow: allow, deny: deny), graph: graph)
    }
}

func permission(_ key: String) -> Permission {
    guard let permission = Permission(key: key) else { preconditionFailure("no permission \(key)") }
    return permission
}

func patterns(_ texts: [String]) -> [PermissionPattern] {
    texts.map { text in
        guard let pattern = PermissionPattern(text) else { preconditionFailure("no pattern \(text)") }
        return pattern
    }
}

/// The refusal's code, or "ok".
func outcome(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "ok"
    } catch let refusal as Refusal {
        let problem = refusal.problem
        return problem.faults.first.map { "\($0.pointer) \($0.code)" } ?? problem.code
    } catch {
        return "\(error)"
    }
}
