internal import Authorization
internal import Database
internal import Directory
internal import Kernel
internal import Web

extension RolesFeature {
    /// `{"role_id", "reason"?, "expires_at"?}` or `{"add": […], "remove": […], "reason"?, "expires_at"?}`, all or nothing.
    func assignRoles(_ call: Call) async throws -> Reply {
        let request = try AssignmentRequest(try call.body(), at: call.clock.now())
        let reference = call.parameter("id")
        return try await change(call, requiring: .rolesAssign) { locked in
            let added = try request.added(locked)
            // Roles are taken also of somebody who left, so that they do not find them when they return; none is given to who is not here.
            let user = try locked.tools.directory.resolve(
                reference, scope: call.scope, includingDeleted: added.isEmpty, in: locked.transaction)
            let removed = try RoleAssignments.resolve(request.remove, locked, pointer: "/remove")
            let person = try locked.rights(of: user)
            for role in removed { try locked.revoke(role, from: user, person, reason: request.terms.reason) }
            for role in added { try locked.assign(role, to: user, person, request.terms) }
            return (.json(200, try locked.answer(for: user)), .users([user]))
        }
    }

    func revokeRole(_ call: Call) async throws -> Reply {
        var query = try call.query
        var input = try Input(try call.body())
        let reason = input.string("reason", length: 0...500) ?? query.string("reason", maximum: 500)
        try query.finish()
        try input.finish()
        let (reference, roleReference) = (call.parameter("id"), call.parameter("role_id"))
        return try await change(call, requiring: .rolesAssign) { locked in
            // Also of somebody who left, so that they do not find it when they return.
            let user = try locked.tools.directory.resolve(reference, scope: call.scope, includingDeleted: true, in: locked.transaction)
            guard let role = locked.role(roleReference) else { throw Problem.notFound }
            try locked.revoke(role, from: user, try locked.rights(of: user), reason: reason)
            return (.json(200, try locked.answer(for: user)), .users([user]))
        }
    }

    func readAssignments(_ call: Call) async throws -> Reply {
        var query = try call.query
        try query.finish()
        return try await read(call) { transaction, user, graph, now in
            .json(200, try RoleTransaction.answer(for: user, graph, at: now, in: transaction))
        }
    }

    /// Reads something of one person: oneself, or anybody for those who see roles.
    ///
    /// - Throws: 403 naming the permission.
    func read(
        _ call: Call, _ body: @escaping @Sendable (Transaction, UserID, RoleGraph, Timestamp) throws -> Reply
    ) async throws -> Reply {
        let reference = call.parameter("id")
        let now = call.clock.now()
        return try await database.read { [tools] transaction in
            let user = try tools.directory.resolve(reference, ownOr: .rolesRead, scope: call.scope, in: transaction)
            return try body(transaction, user, try tools.authorizer.graph(in: transaction), now)
        }
    }
}

/// The two shapes of an assignment's body.
struct AssignmentRequest: Sendable {
    private var single: String?
    private var add: [String] = []
    let remove: [String]
    let terms: RoleTransaction.Terms

    init(_ body: JSON, at now: Timestamp) throws(Problem) {
        var input = try Input(body)
        let isList = input.has("add") || input.has("remove")
        if isList {
            add = input.strings("add") ?? []
        } else {
            single = input.string("role_id", length: 1...200, required: true)
        }
        remove = input.strings("remove") ?? []
        var terms = RoleTransaction.Terms(reason: input.string("reason", length: 0...500))
        if input.has("expires_at") {
            let time = input.time("expires_at")
            if let time, time <= now {
                input.fail("expires_at", "past", LocalizedText(en: "This time is over already.", fr: "Cette date est déjà passée."))
            }
            terms.expiresAt = .some(time)
        }
        try input.finish()
        self.terms = terms
    }

    func added(_ locked: RoleTransaction) throws(Problem) -> [RoleRecord] {
        guard let single else { return try RoleAssignments.resolve(add, locked, pointer: "/add") }
        guard let role = locked.role(single) else { throw .invalid("/role_id", "unknown_role", RoleInput.unknownRole(single)) }
        return [role]
    }
}
