package import Database
internal import Directory
package import HTTP
package import Kernel
internal import Runtime
internal import Sanctions
internal import Synchronization
package import Web

/// What let somebody in instead of a password: an OpenID provider, a passkey.
package struct ExternalProof: Sendable {
    /// As the audit log names it: `openid`, `passkey`.
    package let means: String
    /// What the audit log keeps beside it.
    package let detail: JSONObject
    /// Whether it stands for the second factor, too.
    package let coversSecondFactor: Bool

    package init(_ means: String, detail: JSONObject = [:], coversSecondFactor: Bool = false) {
        (self.means, self.detail, self.coversSecondFactor) = (means, detail, coversSecondFactor)
    }

    fileprivate var audited: JSONObject {
        var members: JSONObject = ["means": .string(means)]
        for (name, value) in detail { members.append(name, value) }
        return members
    }
}

/// What an external sign-in came to.
package enum ExternalEntry: Sendable {
    case entered(ExternalSession)
    /// The proof holds; the person's second factor is asked for, too.
    case factorNeeded
}

/// A session that an external sign-in opened.
package struct ExternalSession: Sendable {
    let opened: OpenedSession
    package var id: SessionID { opened.id }
    package var user: UserID { opened.userID }
}

/// Other ways in than a password, and the sessions that they open.
package struct ExternalWays: Sendable {
    /// How many ways in of one kind somebody has.
    package typealias Count = @Sendable (UserID, Transaction) throws -> Int
    /// Called when somebody who waited becomes a member.
    package typealias Admission = @Sendable (RegistrationID, UserID, Transaction) throws -> Void

    /// Called when an address proves to be somebody's for the first time since `provenAt` (nil: ever): it ends the ways in that were made before, which may
    /// be a stranger's, and tells how many.
    package typealias Unproven = @Sendable (_ user: UserID, _ provenAt: Timestamp?, Transaction) throws -> Int

    var counts: [Count] = []
    var unproven: [Unproven] = []
    var admissions: [Admission] = []
}

extension AccountsFeature {
    /// Adds a kind of ways in, before the first request.
    package func onWaysIn(_ count: @escaping ExternalWays.Count) { external.withLock { $0.counts.append(count) } }

    /// Hears of those who waited and become members, before the first request.
    package func onAdmission(_ body: @escaping ExternalWays.Admission) { external.withLock { $0.admissions.append(body) } }

    /// Ends ways in that were made before the address of an account was proven.
    package func onUnproven(_ body: @escaping ExternalWays.Unproven) { external.withLock { $0.unproven.append(body) } }

    /// How many ways in somebody has, their password among them: the last one is not taken away. The caller holds the lock of the person.
    package func waysIn(of user: UserID, in transaction: Transaction) throws -> Int {
        let member = try directory.member(user, in: transaction)
        let counts = external.withLock { $0.counts }
        return try counts.reduce(member.passwordHash == nil ? 0 : 1) { try $0 + $1(user, transaction) }
    }

    /// Keeps others from changing this person until the transaction ends.
    package func lock(_ user: UserID, in transaction: Transaction) throws { try lockUser(user, in: transaction) }

    /// Opens a session for somebody whom another proof than a password lets in, as a login does: the account must be in order, and the second factor is
    /// asked for unless the proof covers it.
    ///
    /// - Parameters:
    ///   - otp: the code of the second factor, as it was typed.
    ///   - isCookie: whether the session is a browser's.
    ///   - changesRights: whether `confirm` changes roles; the lock of the rights is taken first then.
    ///   - confirm: runs under the lock of the person before the session opens: it checks that the proof still holds.
    ///   - opened: runs in the same transaction, with the session.
    package func signIn(
        _ user: UserID, by proof: ExternalProof, otp: String? = nil, isCookie: Bool, changesRights: Bool = false, scope: Scope,
        confirm: @escaping @Sendable (Transaction) throws -> Void, opened: @escaping @Sendable (ExternalSession, Transaction) throws -> Void
    ) async throws -> ExternalEntry {
        let (now, address) = (clock.now(), addressKey(scope.address))
        let code = otp.flatMap { $0.isEmpty ? nil : OneTimeCode($0) }
        let attempt = try code.map { _ in
            try limiter.begin(credentialTries(of: Self.account(of: user), from: scope.address, isKnown: false))
        }
        var succeeded: Bool?
        defer { if let attempt { limiter.settle(attempt, succeeded: succeeded) } }
        let (entry, factor) = try await database.write { [self] transaction -> (ExternalEntry, FactorVerdict) in
            if changesRights { try lockRights(in: transaction) }
            try lockUser(user, in: transaction)
            let current = try directory.member(user, includingDeleted: true, in: transaction)
            try require(.signIn, of: current, at: now, absent: Self.invalidCredentials)
            try confirm(transaction)
            var factor = FactorVerdict.notNeeded
            if !proof.coversSecondFactor {
                factor = try checkFactor(code, of: user, from: address, in: transaction)
                if case .notEnrolled = factor { factor = .notNeeded }
                if Self.problem(atLogin: factor) != nil { return (.factorNeeded, factor) }
            }
            if current.leftAt != nil { try comeBack(current, scope: scope, at: now, in: transaction) }
            let session = ExternalSession(
                opened: try enter(
                    user, isCookie ? .cookie : .tokens, address: address, action: "auth.login", factor: factor, detail: proof.audited,
                    scope: scope, at: now, in: transaction))
            try opened(session, transaction)
            return (.entered(session), factor)
        }
        if case .wrong = factor {
            succeeded = false
            try await recordWrongFactor("auth.login", of: user, scope: scope)
        }
        if case .missing = factor { return .factorNeeded }
        if let problem = Self.problem(atLogin: factor) { throw problem }
        succeeded = true
        return entry
    }

    /// The answer that hands over a session, as after a login.
    package func reply(with session: ExternalSession, status: Int = 200, scope: Scope) async throws -> Reply {
        try await sessionReply(session.opened, status: status, scope: scope)
    }

    /// What `reply(with:)` answers.
    package static var sessionShape: Shape { SignInShapes.opened }

    /// `Set-Cookie` of a browser's session, for an answer that leads on to a page.
    package func cookieField(of session: ExternalSession) -> String {
        cookie.set(session.opened.secret, seconds: policy.sessionLifetime)
    }

    /// Whether a request asks for a cookie (`X-Foyer-Session: cookie`).
    package static func asksForCookie(_ request: HTTPRequest) throws(Problem) -> Bool { try sessionMode(request) == .cookie }

    /// - Throws: 403 for a request of another site's page.
    package func requireOwnOrigin(_ request: HTTPRequest) throws(Problem) { try publicOrigin.checkIfPresent(request) }

    /// Ends sessions that somebody else answers for, such as a provider.
    package func end(_ sessions: [SessionID], in transaction: Transaction) throws {
        guard !sessions.isEmpty else { return }
        try self.sessions.revoke("id IN (SELECT value FROM json_each(\(ids: sessions)))", .logout, at: clock.now(), in: transaction)
    }

    /// Whether whoever asks has just proven who they are: by their password, or without one by a session that began within a quarter of an hour.
    ///
    /// - Throws: 422 at `/password` where a password is missing or wrong; 403 `sign_in_again` where there is none and the session is older.
    package func requireFreshProof(_ password: String?, scope: Scope) async throws {
        let (user, now) = (try scope.requireUser(), clock.now())
        let (member, session) = try await database.read { [self] transaction in
            (
                try directory.member(user, in: transaction),
                try scope.sessionID.flatMap { try sessions.session($0, at: now, in: transaction) }
            )
        }
        guard member.passwordHash != nil else {
            guard let session, now < session.createdAt.adding(seconds: Self.freshness) else { throw Self.signInAgain }
            return
        }
        guard let password else {
            throw Problem.invalid(
                "/password", "required",
                LocalizedText(en: "Give your password, too.", fr: "Indiquez aussi votre mot de passe."))
        }
        try await checkPassword(password, of: member, at: "/password", scope: scope)
    }

    /// Seconds after its beginning during which a session proves who somebody is.
    private static let freshness: Int64 = 900

    private static let signInAgain = Problem.forbidden(
        "sign_in_again",
        LocalizedText(
            en: "Sign in again first: this account has no password to ask for.",
            fr: "Reconnectez-vous d’abord : ce compte n’a pas de mot de passe à demander."))
}
