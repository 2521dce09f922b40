internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Runtime
internal import Web

/// `POST /auth/password`
extension AccountsFeature {
    /// Sets a new password after the old one, and ends every other session.
    func changePassword(_ call: Call) async throws -> Reply {
        let user = try call.scope.requireUser()
        let (now, scope) = (clock.now(), call.scope)
        let member = try await database.read { [directory] in try directory.member(user, in: $0) }
        var input = try Input(try call.body())
        let current = input.string("current", length: 1...Password.maximum, required: true, trimmed: false)
        let new = Password.read(&input, "new", names: [member.username, member.displayName])
        try input.finish()
        try await checkPassword(try input.required(current), of: member, at: "/current", scope: scope)
        let hash = try await hasher.hash(try input.required(new), for: .person(user, scope))
        try await database.write { [self] transaction in
            try lockUser(user, in: transaction)
            var fresh = try directory.member(user, in: transaction)
            guard fresh.passwordHash == member.passwordHash else { throw Problem.stale }
            fresh.passwordHash = hash
            guard try directory.update(fresh, at: now, in: transaction) else { throw Problem.stale }
            try record("user.password", on: user, payload: [:], scope: scope, in: transaction)
            try endBeforeNewPassword(of: user, sparing: scope.sessionID, at: now, in: transaction)
        }
        return .noContent
    }

    /// What a new password ends: the sessions, but for the one that it is changed in, and the links in mails that were asked for before it.
    func endBeforeNewPassword(of user: UserID, sparing session: SessionID? = nil, at now: Timestamp, in transaction: Transaction) throws {
        try mailTokens.delete(for: user.rawValue, in: transaction)
        let spared = session ?? SessionID(rawValue: 0)
        try sessions.revoke("user_id = \(user) AND id <> \(spared)", .password, at: now, in: transaction)
    }

    /// Held to the same limits as a login: a stolen session is not a place to guess from.
    func checkPassword(_ password: String, of member: Member, at pointer: String, scope: Scope) async throws {
        let attempt = try limiter.begin(credentialTries(of: Self.account(of: member.id), from: scope.address, isKnown: true))
        var verdict: Bool?
        defer { limiter.settle(attempt, succeeded: verdict) }
        verdict = try await hasher.verify(password, against: member.passwordHash, for: .person(member.id, scope))
        guard verdict == true else {
            throw Problem.invalid(
                pointer, "wrong_password",
                LocalizedText(en: "This is not your current password.", fr: "Ce n’est pas votre mot de passe actuel."))
        }
    }
}
