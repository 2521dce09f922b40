internal import Authorization
internal import Bus
internal import Database
internal import Directory
internal import Kernel
internal import Web

/// One row of `user_overrides`.
struct OverrideRecord: Sendable {
    let permission: Permission
    var effect: Effect
    var reason: String?
    var setBy: UserID?
    var setAt: Timestamp
    var version: Int64

    var json: JSON {
        [
            "permission": .string(permission.key), "effect": .string(effect.rawValue), "reason": JSON(reason), "set_by": JSON(setBy),
            "set_at": JSON(setAt), "version": .integer(version),
        ]
    }

    /// What the audit log keeps of it.
    var payload: JSON { ["permission": .string(permission.key), "effect": .string(effect.rawValue), "reason": JSON(reason)] }
}

extension RolesFeature {
    func listOverrides(_ call: Call) async throws -> Reply {
        var query = try call.query
        let wantsTotal = query.bool("count") ?? false
        try query.finish()
        return try await read(call) { transaction, user, _, _ in
            let items = try OverrideStore.all(of: user, in: transaction).map(\.json)
            return .page(items, next: nil, total: wantsTotal ? items.count : nil)
        }
    }

    func readOverride(_ call: Call) async throws -> Reply {
        let permission = try Self.permission(call)
        return try await read(call) { transaction, user, _, _ in
            guard let record = try OverrideStore.find(user, permission, in: transaction) else { throw Problem.notFound }
            return .json(200, record.json).tagged(version: record.version)
        }
    }

    /// The newest version first; `effect` is null where it was cleared.
    func overrideHistory(_ call: Call) async throws -> Reply {
        let permission = try Self.permission(call)
        return try await read(call) { transaction, user, _, _ in
            .page(try OverrideStore.history(user, permission, in: transaction), next: nil)
        }
    }

    func setOverride(_ call: Call) async throws -> Reply {
        let permission = try Self.permission(call)
        var input = try Input(try call.body())
        let effect = input.choice("effect", Effect.self, required: true)
        let reason = input.string("reason", length: 1...500, required: true)
        try input.finish()
        let asked = try input.required(effect)
        return try await change(call, requiring: .rolesOverride) { locked in
            // Also of somebody who left, so that they find it when they return.
            let user = try locked.tools.directory.resolve(
                call.parameter("id"), scope: call.scope, includingLeft: true, in: locked.transaction)
            let before = try OverrideStore.find(user, permission, in: locked.transaction)
            try call.checkIfMatch(version: before?.version ?? 0)
            let person = try locked.rights(of: user)
            try locked.check { rules throws(Refusal) in try rules.override(permission, from: before?.effect, to: asked, of: person) }
            if let before, before.effect == asked, before.reason == reason {
                return (.json(200, before.json).tagged(version: before.version), .users([]))
            }
            let version = try OverrideStore.lastVersion(user, permission, in: locked.transaction) + 1
            let record = OverrideRecord(
                permission: permission, effect: asked, reason: reason, setBy: call.scope.userID, setAt: locked.now, version: version)
            try OverrideStore.set(user, record, in: locked.transaction)
            try locked.record(
                "override.set", target: ("user", user.uuid), before: before?.payload ?? .null, after: record.payload, reason: reason)
            try locked.tellOverride(of: user, permission, asked)
            return (.json(200, record.json).tagged(version: version), .users([user]))
        }
    }

    func clearOverride(_ call: Call) async throws -> Reply {
        let permission = try Self.permission(call)
        return try await change(call, requiring: .rolesOverride) { locked in
            let user = try locked.tools.directory.resolve(
                call.parameter("id"), scope: call.scope, includingLeft: true, in: locked.transaction)
            guard let before = try OverrideStore.find(user, permission, in: locked.transaction) else { throw Problem.notFound }
            try call.checkIfMatch(version: before.version)
            let person = try locked.rights(of: user)
            try locked.check { rules throws(Refusal) in try rules.override(permission, from: before.effect, to: nil, of: person) }
            let version = try OverrideStore.lastVersion(user, permission, in: locked.transaction) + 1
            try OverrideStore.clear(user, permission, version: version, by: call.scope.userID, at: locked.now, in: locked.transaction)
            try locked.record("override.clear", target: ("user", user.uuid), before: before.payload, after: .null)
            try locked.tellOverride(of: user, permission, nil)
            return (.noContent, .users([user]))
        }
    }

    /// The exact key in the path.
    private static func permission(_ call: Call) throws(Problem) -> Permission {
        let key = call.parameter("permission")
        guard let permission = Permission(key: key) else { throw .invalid("/permission", "unknown_permission", unknownPermission(key)) }
        return permission
    }
}

extension RoleTransaction {
    /// Only the person and those who follow them hear of an override.
    fileprivate func tellOverride(of user: UserID, _ permission: Permission, _ effect: Effect?) throws {
        try emit(
            "user.permissions_changed", topics: ["user:\(user.uuid)"], invalidates: .users([user]),
            ["user_id": JSON(user), "permission": .string(permission.key), "effect": JSON(effect?.rawValue)])
    }
}
