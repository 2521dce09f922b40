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
            let items = asked.map { Self.json(graph.explain($0, of: holdings, at: now), graph) }
            return .page(items, next: nil)
        }
    }

    static func unknownPermission(_ key: String) -> LocalizedText {
        LocalizedText(en: "There is no permission “\(key)”.", fr: "La permission « \(key) » n’existe pas.")
    }

    private static func json(_ explanation: Explanation, _ graph: RoleGraph) -> JSON {
        [
            "key": .string(explanation.permission.key), "granted": .bool(explanation.isGranted),
            "because": .array(explanation.causes.map { json($0, ignoresDenies: explanation.ignoresDenies, graph) }),
        ]
    }

    /// `role`, `inherited` and `override` tell the source; `ignored` marks a deny that an owner is exempt from.
    private static func json(_ cause: Explanation.Cause, ignoresDenies: Bool, _ graph: RoleGraph) -> JSON {
        var object: JSONObject
        switch cause.source {
        case .role(let id): object = ["role": JSON(id), "name": JSON(graph[id]?.name)]
        case .inherited(let id, let path):
            object = ["inherited": JSON(id), "name": JSON(graph[id]?.name), "via": .array(path.map { JSON($0) })]
        case .override: object = ["override": .string(cause.pattern.text)]
        }
        object.append("permission", .string(cause.pattern.text))
        object.append("effect", .string(cause.effect.rawValue))
        if ignoresDenies && cause.effect == .deny { object.append("ignored", true) }
        return .object(object)
    }
}
