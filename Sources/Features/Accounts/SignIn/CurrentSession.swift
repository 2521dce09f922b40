internal import Database
internal import Directory
internal import HTTP
internal import Kernel
internal import Roles
internal import Web

/// `GET /auth/session`, `GET /auth/sessions`, `GET /users/{id}/sessions`, `DELETE /auth/sessions/{id}`
extension AccountsFeature {
    /// Who I am, what I may do, and the value that my forms must carry.
    func currentSession(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        if let key = call.scope.key { return try await currentKey(key, call.scope) }
        guard let session = call.scope.sessionID else { throw Problem.unauthenticated }
        let now = clock.now()
        let (found, rules, hasChosenLanguage) = try await database.read { [sessions] transaction in
            (
                try sessions.session(session, at: now, in: transaction), try SiteRules.waiting(for: user, in: transaction),
                try ChosenLanguage.isOwn(of: user, in: transaction)
            )
        }
        guard let record = found else { throw Self.invalidToken }
        let view = try await userView(user, scope: call.scope)
        var reply = Reply.json(
            200,
            [
                "user": view, "csrf": .string(cookie.csrf(for: session)),
                "permissions": .array(call.scope.permissions.keys.map { .string($0) }),
                "is_owner": .bool(call.scope.isOwner), "roles": view["role_details"] ?? [], "session_id": JSON(session),
                "expires_at": JSON(record.expiresAt), "rules_to_accept": JSON(rules),
                "language_chosen": .bool(hasChosenLanguage),
            ])
        // The session lives on from each use, so the browser is to keep its cookie as long.
        if record.isCookie, let value = cookie.value(in: call.request) {
            reply.headers.append("Set-Cookie", cookie.set(value, seconds: policy.sessionLifetime))
        }
        return reply
    }

    /// The same for a program that comes with a key.
    private func currentKey(_ limits: KeyLimits, _ scope: Scope) async throws -> Reply {
        let now = clock.now()
        guard let (key, _) = try await database.read({ [keys] in try keys.find(limits.id, in: $0) }) else { throw Self.invalidToken }
        let view = try await userView(key.userID, scope: scope)
        return .json(
            200,
            [
                "user": view, "csrf": nil, "permissions": .array(scope.permissions.keys.map { .string($0) }),
                "is_owner": .bool(scope.isOwner),
                "roles": view["role_details"] ?? [], "session_id": nil, "api_key": key.json(at: now), "expires_at": JSON(key.expiresAt),
            ])
    }

    func listSessions(_ call: Call) async throws -> Reply { try await list(sessionsOf: "me", call) }

    func listUserSessions(_ call: Call) async throws -> Reply { try await list(sessionsOf: call.parameter("id"), call) }

    private func list(sessionsOf reference: String, _ call: Call) async throws -> Reply {
        var query = try call.query
        let page = query.page()
        try query.finish()
        let before = try page.key { $0.string.flatMap { SessionID(uuid: $0) } }
        let (now, scope) = (clock.now(), call.scope)
        let (records, total) = try await database.read { [self] transaction in
            let user = try directory.resolve(reference, ownOr: .usersSessions, scope: scope, in: transaction)
            let records = try sessions.sessions(of: user, before: before, limit: page.limit + 1, at: now, in: transaction)
            return (records, page.wantsTotal ? try sessions.count(of: user, at: now, in: transaction) : nil)
        }
        let shown = records.prefix(page.limit)
        let next = records.count > page.limit ? shown.last.map { Page.cursor([JSON($0.id)]) } : nil
        return .page(shown.map { $0.json(current: scope.sessionID) }, next: next, total: total)
    }

    /// Ends one session: my own, or with `users.sessions` that of somebody below me.
    func revokeSession(_ call: Call) async throws -> Reply {
        guard let session = SessionID(uuid: call.parameter("id")) else { throw Problem.notFound }
        let (now, scope) = (clock.now(), call.scope)
        let user = try scope.requireUser()
        try await database.write { [self] transaction in
            guard let target = try sessions.session(session, at: now, in: transaction) else { throw Problem.notFound }
            if target.userID != user {
                guard scope.can(.usersSessions) else { throw Problem.notFound }
                try authorizer.requireMayManage(scope, target: target.userID, requiring: [.usersSessions], in: transaction)
            }
            try record(
                "session.revoke", on: target.userID, payload: ["before": ["session_id": JSON(session), "label": .string(target.label)]],
                scope: scope, in: transaction)
            try sessions.revoke("id = \(session)", .revoked, at: now, in: transaction)
        }
        return .noContent
    }
}
