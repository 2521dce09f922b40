internal import Authorization
internal import Bus
internal import Database
internal import Directory
internal import Kernel

extension RoleTransaction {
    /// What is asked of an assignment beside the role and the person.
    struct Terms {
        var reason: String?
        /// Nil when the request does not speak of it: then an assignment that is there keeps its own.
        var expiresAt: Timestamp??
    }

    /// Gives the role, or changes when it ends; the same thing again is nothing.
    ///
    /// - Parameter person: their rights before the whole request, so that its parts are judged alike.
    func assign(_ role: RoleRecord, to user: UserID, _ person: EffectivePermissions, _ terms: Terms) throws {
        try check { rules throws(Refusal) in try rules.assign(role.definition, to: person, isSelf: user == scope.userID) }
        let asked = terms.expiresAt ?? nil
        var before = JSON.null
        if let existing = try AssignmentStore.active(user, role.id, in: transaction) {
            if Assignment(role.id, expiresAt: existing.expiresAt).isActive(at: now) {
                guard terms.expiresAt != nil, asked != existing.expiresAt else { return }
                if let asked, asked < existing.expiresAt ?? Timestamp(milliseconds: .max) {
                    // An end that comes sooner takes the role away, only later.
                    try check { rules throws(Refusal) in try rules.revoke(role.definition, from: person, isSelf: user == scope.userID) }
                }
                try AssignmentStore.setExpiry(existing.id, asked, in: transaction)
                before = Self.payload(role, expiresAt: existing.expiresAt)
            } else {
                try end(existing, role, by: nil, reason: Self.expired)
            }
        }
        if before.isNull {
            try AssignmentStore.insert(
                tools.ids.next(), user, role.id, by: scope.userID, at: now, reason: terms.reason, expiresAt: asked, in: transaction)
        }
        try record(
            "role.assign", target: ("user", user.uuid), before: before, after: Self.payload(role, expiresAt: asked), reason: terms.reason)
        var members = try assignmentMembers(role, user)
        members.append("assigned_by", JSON(scope.userID))
        members.append("expires_at", JSON(asked))
        try emit("role.assigned", topics: ["roles", "user:\(user.uuid)"], invalidates: .users([user]), members)
    }

    /// Takes the role away; one that is not held is not a fault.
    func revoke(_ role: RoleRecord, from user: UserID, _ person: EffectivePermissions, reason: String?) throws {
        try check { rules throws(Refusal) in try rules.revoke(role.definition, from: person, isSelf: user == scope.userID) }
        guard let existing = try AssignmentStore.active(user, role.id, in: transaction) else { return }
        try end(existing, role, by: scope.userID, reason: reason)
    }

    /// What the service that ends assignments writes as its reason.
    static let expired = "expired"

    func end(_ assignment: AssignmentRecord, _ role: RoleRecord, by actor: UserID?, reason: String?) throws {
        guard try AssignmentStore.revoke(assignment.id, by: actor, at: now, reason: reason, in: transaction) else { return }
        try record(
            "role.revoke", target: ("user", assignment.user.uuid), before: Self.payload(role, expiresAt: assignment.expiresAt),
            after: .null,
            reason: reason)
        var members = try assignmentMembers(role, assignment.user)
        members.append("revoked_by", JSON(actor))
        members.append("reason", reason == Self.expired ? .string(Self.expired) : .null)
        try emit("role.revoked", topics: ["roles", "user:\(assignment.user.uuid)"], invalidates: .users([assignment.user]), members)
    }

    /// The answer to whoever changed or reads somebody's roles: the roles, and the effective permissions as keys.
    func answer(for user: UserID) throws -> JSON { try Self.answer(for: user, graph, at: now, in: transaction) }

    static func answer(for user: UserID, _ graph: RoleGraph, at now: Timestamp, in transaction: Transaction) throws -> JSON {
        let shown = try AssignmentStore.shown(of: [user], at: now, in: transaction)[user] ?? []
        let rights = try Authorizer.rights(of: user, graph, at: now, in: transaction)
        return [
            "roles": .array(shown.map { .object(HeldRole($0, $1).details) }),
            "permissions": .array(rights.permissions.keys.map(JSON.string)),
        ]
    }

    private func assignmentMembers(_ role: RoleRecord, _ user: UserID) throws -> JSONObject {
        let member = try tools.directory.member(user, includingDeleted: true, in: transaction)
        return [
            "user_id": JSON(user), "username": .string(member.username), "display_name": .string(member.displayName),
            "role_id": JSON(role.id),
            "role_name": .string(role.definition.name),
            "color": JSON(role.color),
        ]
    }

    private static func payload(_ role: RoleRecord, expiresAt: Timestamp?) -> JSON {
        ["role_id": JSON(role.id), "role": .string(role.definition.name), "expires_at": JSON(expiresAt)]
    }
}
