internal import Authorization
internal import Database
internal import Kernel
internal import Web

extension RolesFeature {
    /// For every key of the registry: whether the person has it, and everything that speaks for or against it; `at` asks of another moment.
    func explainPermissions(_ call: Call) async throws -> Reply {
        var query = try call.query
        let only = query.string("permission").map { key in (key, Permission(key: key)) }
        if let only, only.1 == nil { query.fail("permission", "unknown_permission", Self.unknownPermission(only.0)) }
        let time = query.time("at")
        try query.finish()
        return try await read(call) { transaction, user, graph, now in
            let asked = only?.1.map { [$0] } ?? PermissionSet.all.permissions
            if let time {
                let past = try PastAuthorization(of: user, at: time, in: transaction)
                return .page(
                    asked.map { past.graph.explain($0, of: past.holdings, at: time).json(past.graph, past.reasons[$0]) }, next: nil)
            }
            let holdings = try AssignmentStore.holdings(of: user, in: transaction)
            let overrides = try OverrideStore.all(of: user, in: transaction)
            let items = asked.map { permission in
                let reason = overrides.first { $0.permission == permission }?.reason
                return graph.explain(permission, of: holdings, at: now).json(graph, reason)
            }
            return .page(items, next: nil)
        }
    }

    static func unknownPermission(_ key: String) -> LocalizedText {
        LocalizedText(en: "There is no permission “\(key)”.", fr: "La permission « \(key) » n’existe pas.")
    }
}

extension Explanation {
    /// - Parameter reason: of the person's override of this permission.
    func json(_ graph: RoleGraph, _ reason: String?) -> JSON {
        ["key": .string(permission.key), "granted": .bool(isGranted), "because": because(graph, reason: reason)]
    }

    /// `role`, `inherited` (from the held role `via`) and `override` tell the source; `ignored` marks a deny that an owner is exempt from.
    func because(_ graph: RoleGraph, reason: String?) -> JSON {
        .array(
            causes.map { cause in
                var object: JSONObject
                switch cause.source {
                case .role(let id): object = ["role": JSON(id), "name": JSON(graph[id]?.name)]
                case .inherited(let id, let path):
                    object = [
                        "inherited": JSON(id), "name": JSON(graph[id]?.name), "via": JSON(path.first),
                        "path": .array(path.map { JSON($0) }),
                    ]
                case .override: object = ["override": .string(cause.pattern.text), "reason": JSON(reason)]
                }
                object.append("permission", .string(cause.pattern.text))
                object.append("effect", .string(cause.effect.rawValue))
                if ignoresDenies && cause.effect == .deny { object.append("ignored", true) }
                return .object(object)
            })
    }
}
