internal import Database
internal import Directory
package import Kernel
internal import Runtime
internal import Web

extension AccountsFeature {
    /// Seconds after a sign-in in which somebody without a password is taken for who they are.
    private static let recent: Int64 = 600

    /// Asks somebody who is signed in to prove again who they are, before they change how they come in: by the password or by a code of the second
    /// factor; whoever has no password, by a sign-in a few minutes ago.
    ///
    /// - Throws: 422 at `/password` or `/code`.
    package func confirmPerson(_ user: UserID, password: String?, code: String?, action: String, scope: Scope) async throws {
        let now = clock.now()
        let (member, begun) = try await database.read { [directory, sessions] transaction in
            let session = try scope.sessionID.flatMap { try sessions.session($0, at: now, in: transaction) }
            return (try directory.member(user, in: transaction), session?.createdAt)
        }
        if let password { return try await checkPassword(password, of: member, at: "/password", scope: scope) }
        if let code { return try await confirm(OneTimeCode(code), of: user, action: action, scope: scope) }
        if member.passwordHash == nil, let begun, begun.adding(seconds: Self.recent) > now { return }
        throw Problem.invalid(
            member.passwordHash == nil ? "/code" : "/password", "required",
            LocalizedText(
                en: "Confirm that it is you: give your password, or a code of your second factor.",
                fr: "Confirmez que c’est bien vous : indiquez votre mot de passe, ou un code de votre second facteur."))
    }

    private func confirm(_ code: OneTimeCode, of user: UserID, action: String, scope: Scope) async throws {
        let address = addressKey(scope.address)
        let attempt = try limiter.begin(credentialTries(of: Self.account(of: user), from: scope.address, isKnown: true))
        var succeeded: Bool?
        defer { limiter.settle(attempt, succeeded: succeeded) }
        let verdict = try await database.write { [self] transaction in
            try lockUser(user, in: transaction)
            return try checkFactor(code, of: user, from: address, in: transaction)
        }
        switch verdict {
        case .accepted: succeeded = true
        case .notNeeded, .notEnrolled: throw Problem.invalid("/code", "not_enrolled", Self.notEnrolledText)
        default:
            succeeded = false
            if case .wrong = verdict { try await recordWrongFactor(action, of: user, scope: scope) }
            if let problem = Self.problem(inForm: verdict) { throw problem }
        }
    }
}
