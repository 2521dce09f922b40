internal import Crypto
internal import Database
internal import Directory
internal import HTTP
internal import Kernel
internal import Runtime
internal import Web

/// `GET /users/{id}/totp`, `POST /users/me/totp` and `POST /users/me/totp/confirm`
extension AccountsFeature {
    func readFactor(_ call: Call) async throws -> Reply {
        let (reference, scope) = (call.parameter("id"), call.scope)
        return try await database.read { [self] transaction in
            let user = try directory.resolve(reference, ownOr: .usersResetFactor, scope: scope, in: transaction)
            let confirmedAt = try factors.find(user, in: transaction)?.confirmedAt
            return .json(
                200,
                [
                    "enrolled": .bool(confirmedAt != nil), "confirmed_at": JSON(confirmedAt),
                    "recovery_codes_left": user == scope.userID ? JSON(try factors.recoveryCodesLeft(user, in: transaction)) : .null,
                ])
        }
    }

    /// Shows a new secret, this once; it protects nothing before a code of it is confirmed.
    func enrolFactor(_ call: Call) async throws -> Reply {
        let (user, scope, now) = (try ownFactor(call), call.scope, clock.now())
        var input = try Input(try call.body())
        let password = input.string("password", length: 1...Password.maximum, required: true, trimmed: false)
        try input.finish()
        let member = try await database.read { [directory] in try directory.member(user, in: $0) }
        try await checkPassword(try input.required(password), of: member, at: "/password", scope: scope)
        let secret = Random.bytes(20)
        return try await call.mutate(database) { [self] transaction in
            try lockUser(user, in: transaction)
            guard try factors.find(user, in: transaction)?.confirmedAt == nil else { throw Self.alreadyEnrolled }
            try factors.begin(secret, of: user, at: now, in: transaction)
            try record("totp.begin", on: user, payload: [:], scope: scope, in: transaction)
            let text = Base32.encode(secret)
            return Reply.json(
                201,
                [
                    "secret": .string(text), "uri": .string(otpauth(text, member.username)), "algorithm": "SHA1", "digits": 6,
                    "period": .integer(TOTP.period), "expires_at": JSON(now.adding(seconds: FactorStore.patience)),
                ]
            ).secret(id: user.uuid)
        }
    }

    /// Takes the factor into use: shows the recovery codes, ends every other session, and forgets the addresses that were entered from without it.
    func confirmFactor(_ call: Call) async throws -> Reply {
        let (user, scope) = (try ownFactor(call), call.scope)
        var input = try Input(try call.body())
        let given = input.string("code", length: 1...20, required: true)
        try input.finish()
        let digits = OneTimeCode.bare(try input.required(given))
        let address = addressKey(scope.address)
        let attempt = try limiter.begin(credentialTries(of: Self.account(of: user), from: scope.address, isKnown: true))
        var succeeded: Bool?
        defer { limiter.settle(attempt, succeeded: succeeded) }
        do {
            let reply = try await take(digits, of: user, from: address, call)
            succeeded = true
            return reply
        } catch let problem as Problem where problem.status == 422 {
            succeeded = false
            throw problem
        }
    }

    private func take(_ digits: String, of user: UserID, from address: [UInt8], _ call: Call) async throws -> Reply {
        let scope = call.scope
        return try await call.mutate(database) { [self] transaction in
            try lockUser(user, in: transaction)
            let now = clock.now()
            guard let factor = try factors.find(user, in: transaction), factor.createdAt.adding(seconds: FactorStore.patience) > now else {
                throw Self.notBegun
            }
            guard factor.confirmedAt == nil else { throw Self.alreadyEnrolled }
            guard let step = try FactorStore.step(of: digits, factor, at: now) else {
                throw Problem.invalid("/code", "otp_invalid", Self.wrongCodeText)
            }
            let codes = (0..<RecoveryCode.count).map { _ in RecoveryCode() }
            try factors.confirm(user, step: step, codes, at: now, in: transaction)
            try transaction.execute("DELETE FROM known_addresses WHERE user_id = \(user) AND address <> \(address)")
            try record(
                "totp.confirm", on: user, payload: ["before": nil, "after": ["confirmed_at": JSON(now)]], scope: scope, in: transaction)
            let own = scope.sessionID ?? SessionID(rawValue: 0)
            try sessions.revoke("user_id = \(user) AND id <> \(own)", .factor, at: now, in: transaction)
            return Reply.json(200, ["recovery_codes": .array(codes.map { .string($0.text) })]).secret(id: user.uuid)
        }
    }

    /// - Throws: 404 unless the path names who asks: nobody enrols for another.
    private func ownFactor(_ call: Call) throws(Problem) -> UserID {
        let user = try call.scope.requireWithoutAPIKey()
        let reference = call.parameter("id")
        guard reference == "me" || reference == user.uuid else { throw .notFound }
        return user
    }

    /// What apps read from a link or a QR code (Google Authenticator's key URI format).
    private func otpauth(_ secret: String, _ username: String) -> String {
        let issuer = PercentCoding.encode(
            policy.publicURL.map { String($0.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" }) } ?? "Foyer")
        return "otpauth://totp/\(issuer):\(username)?secret=\(secret)&issuer=\(issuer)&algorithm=SHA1&digits=6&period=\(TOTP.period)"
    }

    private static let alreadyEnrolled = Problem.conflict(
        "already_enrolled",
        LocalizedText(
            en: "This account has a second factor already. Remove it first.",
            fr: "Ce compte a déjà un second facteur. Retirez-le d’abord."))

    private static let notBegun = Problem.conflict(
        "not_begun",
        LocalizedText(
            en: "There is no secret to confirm, or it was shown too long ago. Begin again.",
            fr: "Aucun secret n’attend de confirmation, ou il est trop ancien. Recommencez."))
}
