internal import Authorization
internal import Database
internal import Kernel
internal import Web

extension RolesFeature {
    /// For every key of the registry: whether the person has it, and everything that speaks for or against it.
    func explainPermissions(_ call: Call) async throws -> Reply {
        var query = try call.query
        let only = query.string("permission").map { key in (key, Permission(key: key)) }
        if let only, only.1 == nil { query.fail("permission", "unknown_permission", Self.unknownPermission(only.0)) }
        try query.finish()
        return try await read(call) { transaction, user, graph, now in
            let holdings = try AssignmentStore.holdings(of: user, in: transaction)
            let asked = only?.1.map { [$0] } ?? PermissionSet.all.permissions
            let overrides = try OverrideStore.all(of: user, in: transaction)
            let items = asked.map { permission in
                let reason = overrides.first { $0.permission == permission }?.reason
                return Self.json(graph.explain(permission, of: holdings, at: now), graph, reason: reason)
            }
            return .page(items, next: nil)
        }
    }

    static func unknownPermission(_ key: String) -> LocalizedText {
        LocalizedText(en: "There is no permission “\(key)”.", fr: "La permission « \(key) » n’existe pas.")
    }

    private static func json(_ explanation: Explanation, _ graph: RoleGraph, reason: String?) -> JSON {
        [
            "key": .string(explanation.permission.key), "granted": .bool(explanation.isGranted),
            "because": .array(explanation.causes.map { json($0, ignoresDenies: explanation.ignoresDenies, graph, reason: reason) }),
        ]
    }

    /// `role`, `inherited` (from the held role `via`) and `override` tell the source; `ignored` marks a deny that an owner is exempt from.
    private static func json(_ cause: Explanation.Cause, ignoresDenies: Bool, _ graph: RoleGraph, reason: String?) -> JSON {
        var object: JSONObject
        switch cause.source {
        case .role(let id): object = ["role": JSON(id), "name": JSON(graph[id]?.name)]
        case .inherited(let id, let path):
            object = ["inherited": JSON(id), "name": JSON(graph[id]?.name), "via": JSON(path.first), "path": .array(path.map { JSON($0) })]
        case .override: object = ["override": .string(cause.pattern.text), "reason": JSON(reason)]
        }
        object.append("permission", .string(cause.pattern.text))
        object.append("effect", .string(cause.effect.rawValue))
        if ignoresDenies && cause.effect == .deny { object.append("ignored", true) }
        return .object(object)
    }
}
