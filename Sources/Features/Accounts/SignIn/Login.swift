internal import Bus
internal import Crypto
internal import Database
internal import Directory
internal import HTTP
internal import Kernel
internal import Runtime
internal import Sanctions
internal import Web

/// `POST /auth/login`
extension AccountsFeature {
    /// What a person types to come in.
    struct Credentials: Sendable {
        enum Name: Sendable {
            case email(EmailAddress)
            case username(String)

            /// Either, whichever field it was typed in: no username has an @.
            init(_ text: String) { self = EmailAddress(text).map { .email($0) } ?? .username(MemberDirectory.fold(text)) }
        }

        let name: Name
        let password: String
        let code: OneTimeCode?
        /// In the place of a code.
        let passkey: JSON?
    }

    func login(_ call: Call) async throws -> Reply {
        try publicOrigin.checkIfPresent(call.request)
        let credentials = try credentials(try call.body())
        let mode = try Self.sessionMode(call.request)
        let now = clock.now()
        let address = addressKey(call.scope.address)
        let (member, applicant, isKnown) = try await database.read { [self] transaction -> (Member?, RegistrationRecord?, Bool) in
            guard let member = try find(credentials.name, at: now, in: transaction) else {
                return (nil, try waiting(credentials.name, in: transaction), false)
            }
            return (member, nil, try hasEntered(member.id, from: address, in: transaction))
        }
        let account = member.map { Self.account(of: $0.id) } ?? account(credentials.name, applicant)
        let attempt = try limiter.begin(credentialTries(of: account, from: call.scope.address, isKnown: isKnown))
        var succeeded: Bool?
        defer { limiter.settle(attempt, succeeded: succeeded) }
        let origin: WorkOrigin = isKnown ? .knownPlace(of: account, call.scope) : .stranger(call.scope, account: account)
        let isRight = try await hasher.verify(
            credentials.password, against: member?.passwordHash ?? applicant?.chosenHash, for: origin)
        if !isRight { succeeded = false }
        if isRight, let applicant { throw Self.notYet(applicant) }
        guard isRight, let member else { throw Self.invalidCredentials }
        if standing(of: member, at: now).ruling(on: .signIn) == .barred { throw try await refusal(of: member, at: now) }
        try require(.signIn, of: member, at: now, absent: Self.invalidCredentials)
        let newHash = try await renewedHash(of: member, credentials.password, for: origin)
        let passkey = try await examined(credentials.passkey)
        let (opened, factor) = try await begin(
            mode, for: member, credentials.code, passkey, address: address, newHash: newHash, scope: call.scope, at: now)
        switch factor {
        case .wrong:
            succeeded = false
            try await recordWrongFactor("auth.login", of: member.id, scope: call.scope)
        case .refused(let problem):
            succeeded = false
            try await recordWrongFactor("auth.login", of: member.id, reason: problem.code, scope: call.scope)
        default: break
        }
        if let problem = Self.problem(atLogin: factor) { throw problem }
        guard let opened else { throw Self.invalidCredentials }
        succeeded = true
        return try await sessionReply(opened, scope: call.scope)
    }

    /// What a browser gave of a passkey, looked at.
    private func examined(_ credential: JSON?) async throws -> (any PasskeyProof)? {
        guard let credential else { return nil }
        guard let passkeys else { throw Problem.notFound }
        return try await passkeys.examine(credential)
    }

    /// Why somebody who may not come in is refused; to the banned with the id of the ban and the token to appeal against it.
    func refusal(of member: Member, at now: Timestamp) async throws -> Problem {
        let refusal = Self.barred(member, at: now)
        guard member.isBanned(at: now) else { return refusal }
        let ban = try await database.read { [sanctions] in try sanctions.ban(of: member.id, at: now, in: $0) }
        guard let ban else { return refusal }
        var problem = refusal
        problem.extensions.append(("sanction_id", JSON(ban.id)))
        problem.extensions.append(("appeal_token", .string(appealToken.token(for: ban.id, of: member.id, at: now))))
        return problem
    }

    /// Opens the session, unless the account changed while the password was being checked, or the second factor is missing.
    private func begin(
        _ mode: SessionMode, for member: Member, _ code: OneTimeCode?, _ passkey: (any PasskeyProof)?, address: [UInt8], newHash: String?,
        scope: Scope, at now: Timestamp
    ) async throws -> (OpenedSession?, FactorVerdict) {
        try await database.write { [self] transaction in
            try lockUser(member.id, in: transaction)
            let current = try directory.member(member.id, includingDeleted: true, in: transaction)
            guard current.passwordHash == member.passwordHash else { throw Self.invalidCredentials }
            try require(.signIn, of: current, at: now, absent: Self.invalidCredentials)
            let factor = try checkFactor(code, passkey, of: member.id, from: address, scope: scope, in: transaction)
            if Self.problem(atLogin: factor) != nil { return (nil, factor) }
            if current.leftAt != nil { try comeBack(current, scope: scope, at: now, in: transaction) }
            if let newHash {
                try transaction.execute("UPDATE users SET password_hash = \(newHash) WHERE id = \(member.id)")
            }
            let opened = try enter(
                member.id, mode, address: address, action: "auth.login", factor: factor, scope: scope, at: now, in: transaction)
            return (opened, factor)
        }
    }

    /// Opens a session for somebody who has just proved who they are, remembers the address, and writes it on the log.
    func enter(
        _ user: UserID, _ mode: SessionMode, address: [UInt8], action: String, factor: FactorVerdict = .notNeeded,
        detail: JSONObject = [:], scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws -> OpenedSession {
        let opened = try sessions.open(user, mode, scope: scope, at: now, in: transaction)
        try transaction.execute(
            """
            INSERT INTO known_addresses (user_id, address, last_used_at) VALUES (\(user), \(address), \(now))
            ON CONFLICT (user_id, address) DO UPDATE SET last_used_at = excluded.last_used_at
            """)
        var actor = scope
        (actor.userID, actor.sessionID) = (user, opened.id)
        var after: JSONObject = ["session_id": JSON(opened.id)]
        if case .accepted(let means) = factor { after.append("second_factor", .string(means)) }
        for (name, value) in detail { after.append(name, value) }
        try record(action, on: user, payload: ["after": .object(after)], scope: actor, in: transaction)
        // For other features; no client gets it.
        transaction.atCommit(
            OutboxEvent(
                "auth.login", to: [],
                members: [
                    "user_id": JSON(user), "session_id": JSON(opened.id), "device": .string(DeviceLabel.text(for: scope.userAgent)),
                ], requestID: scope.requestID, at: now))
        return opened
    }

    private func credentials(_ body: JSON) throws(Problem) -> Credentials {
        var input = try Input(body)
        let email = input.string("email", length: 1...254)
        let username = input.string("username", length: 1...64)
        let password = input.string("password", length: 1...Password.maximum, required: true, trimmed: false)
        let otp = input.string("otp", length: 0...40)
        let passkey = input.raw("passkey")
        if email == nil && username == nil && !input.faults.contains(where: { $0.pointer != "/password" }) {
            input.fail(
                "email", "required",
                LocalizedText(en: "Give an e-mail address or a username.", fr: "Indiquez une adresse e-mail ou un nom d’utilisateur."))
        }
        try input.finish()
        return Credentials(
            name: Credentials.Name(try input.required(email ?? username)), password: try input.required(password),
            code: otp.flatMap { $0.isEmpty ? nil : OneTimeCode($0) }, passkey: passkey.flatMap { $0.isNull ? nil : $0 })
    }

    /// Whoever is there, or left so lately that signing in brings them back.
    private func find(_ name: Credentials.Name, at now: Timestamp, in transaction: Transaction) throws -> Member? {
        let condition: SQL
        switch name {
        case .email(let address): condition = "users.email_blind = \(blind(address))"
        case .username(let username): condition = "users.username = \(username)"
        }
        return try transaction.row(
            """
            SELECT \(sql: Member.columns) FROM users WHERE \(sql: condition)
            AND (users.deleted_at IS NULL OR users.left_at > \(graceStart(now)))
            """
        ).map(Member.init)
    }

    /// Somebody of that name who asked to join and is no member yet.
    private func waiting(_ name: Credentials.Name, in transaction: Transaction) throws -> RegistrationRecord? {
        switch name {
        case .email(let address): try applicants.all(emailBlind: blind(address), in: transaction).first
        case .username(let username): try applicants.latest(username: username, in: transaction)
        }
    }

    /// 423 with what is waited for; told only after the right password.
    private static func notYet(_ applicant: RegistrationRecord) -> Problem {
        switch applicant.state {
        case .unverified:
            Problem(
                423, "email_unverified",
                LocalizedText(
                    en: "Your e-mail address has not been confirmed yet. Open the link in the mail that we sent you.",
                    fr: "Votre adresse e-mail n’est pas encore confirmée. Ouvrez le lien du message que nous vous avons envoyé."))
        case .pending:
            Problem(
                423, "pending_approval",
                LocalizedText(
                    en: "The site’s team has not answered your request yet.",
                    fr: "L’équipe du site n’a pas encore répondu à votre demande."))
        case .refused:
            Problem(
                423, "registration_refused",
                LocalizedText(en: "Your request to join was not accepted.", fr: "Votre demande d’inscription n’a pas été acceptée."),
                extensions: [("reason", JSON(applicant.reason))])
        }
    }

    /// Names for the count of tries who is no member.
    private func account(_ name: Credentials.Name, _ applicant: RegistrationRecord?) -> String {
        if let applicant { return Self.account(of: applicant) }
        return switch name {
        case .email(let address): "nobody " + Hex.encode(blind(address))
        case .username(let username): "nobody " + Hex.encode(SHA256.digest("username\0" + username))
        }
    }

    static func account(of applicant: RegistrationRecord) -> String { "registration \(applicant.id.rawValue)" }

    /// An address as the database keeps it: comparable, not readable.
    func addressKey(_ address: String) -> [UInt8] { keyring.blindIndex.index(AddressBlock.of(address), column: "known_addresses.address") }

    private func hasEntered(_ user: UserID, from address: [UInt8], in transaction: Transaction) throws -> Bool {
        try transaction.row("SELECT 1 FROM known_addresses WHERE user_id = \(user) AND address = \(address)") != nil
    }

    private func renewedHash(of member: Member, _ password: String, for origin: WorkOrigin) async throws -> String? {
        guard let hash = member.passwordHash, hasher.needsRehash(hash) else { return nil }
        return try await hasher.hash(password, for: origin)
    }

    static let invalidCredentials = Problem(
        401, "invalid_credentials",
        LocalizedText(en: "This name and this password do not go together.", fr: "Cet identifiant et ce mot de passe ne correspondent pas.")
    )

    /// 423 with the reason; told only after the right password.
    static func barred(_ member: Member, at now: Timestamp) -> Problem {
        guard member.isBanned(at: now) else {
            return Problem(
                423, "disabled",
                LocalizedText(
                    en: "This account is disabled. Ask the site’s team.", fr: "Ce compte est désactivé. Adressez-vous à l’équipe du site."))
        }
        return Problem(
            423, "banned",
            LocalizedText(
                en: member.bannedUntil.map { "You are banned until \($0.inWords(.english))." } ?? "You are banned.",
                fr: member.bannedUntil.map { "Vous êtes banni jusqu’au \($0.inWords(.french))." } ?? "Vous êtes banni."),
            extensions: [("reason", JSON(member.banReason)), ("banned_until", JSON(member.bannedUntil))])
    }
}
