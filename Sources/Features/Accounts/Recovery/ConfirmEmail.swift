internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Runtime
internal import Web

/// `POST /auth/email/verify` and `POST /auth/email`
extension AccountsFeature {
    /// What the link in a mail says: this address is mine. Lets somebody in who asked to join, or puts a member's new address in force.
    ///
    /// The link alone proves nothing of who asked for it: it takes the password that was set with the request, or for a new address the person's
    /// own session. So an account that a stranger asked for with somebody's address is not confirmed by its owner.
    func verifyEmail(_ call: Call) async throws -> Reply {
        try publicOrigin.checkIfPresent(call.request)
        var input = try Input(try call.body())
        let given = input.string("token", length: 1...200, required: true)
        let password = input.string("password", length: 1...Password.maximum, trimmed: false)
        try input.finish()
        let (token, scope, now) = (try input.required(given), call.scope, clock.now())
        try limiter.spend(RateLimiter.Charge(.mailRequests, AddressBlock.of(scope.address)))
        let asker = try await database.read { [self] transaction -> LinkAsker in
            try linkAsker(token, at: now, in: transaction)
        }
        if asker.member == nil || asker.member != scope.userID || scope.key != nil { try await prove(asker, password, scope: scope) }
        let state = try await database.write { [self] transaction -> String in
            try lockRights(in: transaction)
            guard let found = try mailTokens.spend(token, at: now, in: transaction) else { throw Self.linkInvalid }
            switch found.purpose {
            case .register: return try confirm(found, scope: scope, at: now, in: transaction)
            case .email: return try changeAddress(found, asker, scope: scope, at: now, in: transaction)
            case .reset, .invite: throw Self.linkInvalid
            }
        }
        return .json(200, ["state": .string(state)])
    }

    /// Who asked for the mail that a link stands in, and what proves that it is they who open it.
    private struct LinkAsker: Sendable {
        /// For the count of tries.
        let account: String
        /// Nil for somebody who asks to join.
        let member: UserID?
        let passwordHash: String?
    }

    /// - Throws: 403 for a link that is not good, before anything else is asked.
    private func linkAsker(_ token: String, at now: Timestamp, in transaction: Transaction) throws -> LinkAsker {
        guard let found = try mailTokens.find(token, at: now, in: transaction) else { throw Self.linkInvalid }
        switch found.purpose {
        case .register:
            guard let record = try applicants.find(RegistrationID(rawValue: found.subject), in: transaction) else { throw Self.linkInvalid }
            return LinkAsker(account: Self.account(of: record), member: nil, passwordHash: record.chosenHash)
        case .email:
            let member = try directory.member(UserID(rawValue: found.subject), in: transaction)
            return LinkAsker(account: Self.account(of: member.id), member: member.id, passwordHash: member.passwordHash)
        case .reset, .invite: throw Self.linkInvalid
        }
    }

    /// - Throws: 422 without the password of who asked for the link.
    private func prove(_ asker: LinkAsker, _ password: String?, scope: Scope) async throws {
        guard let password else { throw Problem.invalid("/password", "required", Self.passwordNeeded) }
        let attempt = try limiter.begin(credentialTries(of: asker.account, from: scope.address, isKnown: false))
        var isRight: Bool?
        defer { limiter.settle(attempt, succeeded: isRight) }
        isRight = try await hasher.verify(password, against: asker.passwordHash, for: .stranger(scope, account: asker.account))
        guard isRight == true else { throw Problem.invalid("/password", "wrong_password", Self.notTheAskersPassword) }
    }

    private func confirm(
        _ found: MailTokens.Found, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws -> String {
        guard var record = try applicants.locked(RegistrationID(rawValue: found.subject), in: transaction), record.state == .unverified,
            record.emailBlind == found.blind
        else { throw Self.linkInvalid }
        record.verifiedAt = now
        // The first who proves that the address is theirs has it: whoever else asked with it does not wait any more.
        try forgetOthers(than: record, scope: scope, at: now, in: transaction)
        // The link in the mail is good for a day, in which the team may have closed the door or taken an invitation back.
        guard try !isStillOpen(to: record, in: transaction) else {
            _ = try admit(record, action: "auth.register", scope: scope, at: now, in: transaction)
            return "active"
        }
        (record.state, record.expiresAt) = (.pending, nil)
        try applicants.update(record, in: transaction)
        announce(record.id, record.state.rawValue, scope: scope, at: now, in: transaction)
        return "pending_approval"
    }

    private func changeAddress(
        _ found: MailTokens.Found, _ asker: LinkAsker, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws -> String {
        let user = UserID(rawValue: found.subject)
        try lockUser(user, in: transaction)
        var member = try directory.member(user, in: transaction)
        guard let cipher = found.emailCipher, member.passwordHash == asker.passwordHash else { throw Self.linkInvalid }
        let text = try keyring.fields.openText(cipher, column: Self.newEmail, id: user.rawValue)
        guard let email = EmailAddress(text) else { throw Self.linkInvalid }
        var actor = scope
        actor.userID = user
        try change(&member, to: email, verifiedAt: now, scope: actor, at: now, in: transaction)
        return "email_changed"
    }

    /// Asks for another address for oneself, with the password; it is in force when it has answered, or at once where no mail can be sent.
    func changeEmail(_ call: Call) async throws -> Reply {
        let (user, scope, now) = (try call.scope.requireWithoutAPIKey(), call.scope, clock.now())
        var input = try Input(try call.body())
        let given = input.email("email", required: true)
        let password = input.string("password", length: 1...Password.maximum, required: true, trimmed: false)
        try input.finish()
        let email = try input.required(given)
        let member = try await database.read { [directory] in try directory.member(user, in: $0) }
        try await checkPassword(try input.required(password), of: member, at: "/password", scope: scope)
        guard sendsMail else {
            try await database.write { [self] transaction in
                try lockUser(user, in: transaction)
                var fresh = try directory.member(user, in: transaction)
                guard fresh.passwordHash == member.passwordHash else { throw Problem.stale }
                try change(&fresh, to: email, verifiedAt: nil, scope: scope, at: now, in: transaction)
            }
            return .json(200, ["state": "email_changed"])
        }
        guard mayMail(.email, email.text, asker: Self.account(of: user)) else { return Self.awaitingAddress }
        try await database.write { [self] transaction in
            try lockUser(user, in: transaction)
            guard try directory.member(user, in: transaction).passwordHash == member.passwordHash else { throw Problem.stale }
            let isTaken = try transaction.row("SELECT 1 FROM users WHERE email_blind = \(blind(email)) AND id <> \(user)") != nil
            let secret = try mailTokens.issue(
                .email, for: user.rawValue, blind: blind(email),
                emailCipher: keyring.fields.seal(email.text, column: Self.newEmail, id: user.rawValue), at: now, in: transaction)
            try record("user.email_change", on: user, payload: [:], scope: scope, in: transaction)
            try post(isTaken ? .alreadyMember : .confirmAddress(secret), member.locale, to: email.text, in: transaction)
        }
        return Self.awaitingAddress
    }

    /// Puts another address in force, and tells the old one.
    ///
    /// - Throws: 409 when it is somebody else's by now.
    func change(
        _ member: inout Member, to email: EmailAddress, verifiedAt: Timestamp?, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws {
        try requireNotHeld(email, in: transaction)
        let old = self.email(of: member)
        member.emailVerifiedAt = verifiedAt
        if let verifiedAt {
            try AddressProof.set(member.id, at: verifiedAt, in: transaction)
        } else {
            try AddressProof.clear(member.id, in: transaction)
        }
        try Self.namingConflicts {
            try directory.setEmail(member.id, cipher: seal(email, for: member.id), blind: blind(email), in: transaction)
            guard try directory.update(member, at: now, in: transaction) else { throw Problem.stale }
        }
        member.version += 1
        try mailTokens.delete(for: member.id.rawValue, in: transaction)
        try record(
            "user.update", on: member.id, payload: ["before": ["email": "hidden"], "after": ["email": "changed"]], scope: scope,
            in: transaction)
        try announce("user.updated", member, extra: ["changed": ["email"]], scope: scope, at: now, in: transaction)
        if let old, old != email.text { try post(.addressChanged, member.locale, to: old, in: transaction) }
    }

    private static let passwordNeeded = LocalizedText(
        en: "Give the password that you chose, too.", fr: "Indiquez aussi le mot de passe que vous avez choisi.")

    private static let notTheAskersPassword = LocalizedText(
        en: "This is not the password that was chosen with this request. If the request is not yours, do nothing.",
        fr: "Ce n’est pas le mot de passe choisi avec cette demande. Si la demande n’est pas de vous, ne faites rien.")

    static let awaitingAddress = Reply.json(202, ["state": "verify_email"])
    static let newEmail = "mail_tokens.email"
}
