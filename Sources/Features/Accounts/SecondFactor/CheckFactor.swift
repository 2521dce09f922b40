internal import Audit
internal import Database
internal import Kernel
internal import Web

/// Whether somebody who gave the right password also has what they enrolled.
extension AccountsFeature {
    /// What a code came to. A refusal is a value: the count of failures that goes with it must be committed.
    enum FactorVerdict: Sendable {
        /// Nothing is enrolled, and nothing was given.
        case notNeeded
        /// By `totp`, `recovery_code` or `passkey`.
        case accepted(String)
        /// Nothing is enrolled, but a code was given.
        case notEnrolled
        /// - Parameter passkey: what a browser is asked with, where the person has one.
        case missing(passkey: JSON?)
        case wrong
        /// A passkey that does not prove what it should.
        case refused(Problem)
        case wait(Int)
    }

    /// Spends the code. The caller holds the lock of the person, so that tries are counted one after the other.
    func checkFactor(
        _ code: OneTimeCode?, _ passkey: (any PasskeyProof)? = nil, of user: UserID, from address: [UInt8], scope: Scope = Scope(),
        in transaction: Transaction
    ) throws -> FactorVerdict {
        if let passkey {
            return try passkey.spend(by: user, scope: scope, at: clock.now(), in: transaction).map { .refused($0) } ?? .accepted("passkey")
        }
        guard let factor = try factors.find(user, in: transaction), factor.confirmedAt != nil else {
            return code == nil ? .notNeeded : .notEnrolled
        }
        let now = clock.now()
        switch code {
        case nil: return .missing(passkey: try passkeys?.offer(to: user, at: now, in: transaction))
        case .recovery(let text):
            return try factors.spend(recovery: text, of: user, in: transaction) ? .accepted("recovery_code") : .wrong
        case .totp(let digits):
            let earlier = try FactorFailures(user, from: address, at: now, in: transaction)
            let wait = earlier.wait(at: now)
            if wait > 0 { return .wait(wait) }
            guard try factors.spend(digits, factor, of: user, at: now, in: transaction) else {
                try earlier.fail(at: now, in: transaction)
                return .wrong
            }
            try earlier.succeed(in: transaction)
            return .accepted("totp")
        }
    }

    /// What a login says of it.
    static func problem(atLogin verdict: FactorVerdict) -> Problem? {
        switch verdict {
        case .notNeeded, .accepted: nil
        case .notEnrolled: .invalid("/otp", "not_enrolled", notEnrolledText)
        case .missing(let passkey): otpRequired(passkey)
        case .refused(let problem): problem
        case .wrong: Problem(401, "otp_invalid", wrongCodeText)
        case .wait(let seconds): .tooManyRequests(retryAfter: seconds)
        }
    }

    private static func otpRequired(_ passkey: JSON?) -> Problem {
        var problem = Problem(
            401, "otp_required",
            LocalizedText(
                en: "Give the code of your authenticator app, or a recovery code, too.",
                fr: "Indiquez aussi le code de votre application d’authentification, ou un code de secours."))
        var methods: [JSON] = ["totp", "recovery_code"]
        if passkey != nil { methods.append("passkey") }
        problem.extensions.append(("methods", .array(methods)))
        if let passkey { problem.extensions.append(("passkey", passkey)) }
        return problem
    }

    /// What a form of somebody who is signed in says of it.
    static func problem(inForm verdict: FactorVerdict) -> Problem? {
        switch verdict {
        case .accepted: nil
        case .notNeeded, .notEnrolled: .notFound
        case .missing, .wrong: .invalid("/code", "otp_invalid", wrongCodeText)
        case .refused(let problem): problem
        case .wait(let seconds): .tooManyRequests(retryAfter: seconds)
        }
    }

    /// Writes on the log that somebody has the password but not the factor; once a minute, since nothing else keeps the log small.
    func recordWrongFactor(_ action: String, of user: UserID, reason: String = "otp_invalid", scope: Scope) async throws {
        var actor = scope
        actor.userID = user
        try await audit.recordDenial(action, target: ("user", user.uuid), reason: reason, scope: actor)
    }

    static let wrongCodeText = LocalizedText(
        en: "This code is wrong, or was used before. Wait for the next one.",
        fr: "Ce code est faux ou a déjà servi. Attendez le suivant.")

    static let notEnrolledText = LocalizedText(
        en: "This account has no second factor. Leave the code out.", fr: "Ce compte n’a pas de second facteur. N’indiquez pas de code.")
}
