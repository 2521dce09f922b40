internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Web

/// `POST /auth/email/verify` and `POST /auth/email`
extension AccountsFeature {
    /// What the link in a mail says: this address is mine. Lets somebody in who asked to join, or puts a member's new address in force.
    func verifyEmail(_ call: Call) async throws -> Reply {
        try publicOrigin.checkIfPresent(call.request)
        var input = try Input(try call.body())
        let given = input.string("token", length: 1...200, required: true)
        try input.finish()
        let (token, scope, now, changes) = (try input.required(given), call.scope, clock.now(), RightsChanges())
        try wishes.take(AddressBlock.of(scope.address), now: now)
        let state = try await database.write { [self] transaction -> String in
            try lockRights(changes, in: transaction)
            guard let found = try mailTokens.spend(token, at: now, in: transaction) else { throw Self.linkInvalid }
            switch found.purpose {
            case .register: return try confirm(found, changes, scope: scope, at: now, in: transaction)
            case .email: return try changeAddress(found, scope: scope, at: now, in: transaction)
            case .reset: throw Self.linkInvalid
            }
        }
        changes.commit(to: authorizer)
        return .json(200, ["state": .string(state)])
    }

    private func confirm(
        _ found: MailTokens.Found, _ changes: RightsChanges, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws -> String {
        guard var record = try applicants.locked(RegistrationID(rawValue: found.subject), in: transaction), record.state == .unverified,
            record.emailBlind == found.blind
        else { throw Self.linkInvalid }
        record.verifiedAt = now
        // The link in the mail is good for a day, in which the team may have closed the door or taken an invitation back.
        guard try !isStillOpen(to: record, in: transaction) else {
            _ = try admit(record, action: "auth.register", changes, scope: scope, at: now, in: transaction)
            return "active"
        }
        (record.state, record.expiresAt) = (.pending, nil)
        try applicants.update(record, in: transaction)
        announce(record.id, record.state.rawValue, scope: scope, at: now, in: transaction)
        return "pending_approval"
    }

    private func changeAddress(_ found: MailTokens.Found, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> String {
        let user = UserID(rawValue: found.subject)
        try lockUser(user, in: transaction)
        var member = try directory.member(user, in: transaction)
        guard let cipher = found.emailCipher else { throw Self.linkInvalid }
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
        try await checkPassword(try input.required(password), of: member, at: "/password", scope: scope, now: now)
        guard sendsMail else {
            try await database.write { [self] transaction in
                try lockUser(user, in: transaction)
                var fresh = try directory.member(user, in: transaction)
                guard fresh.passwordHash == member.passwordHash else { throw Problem.stale }
                try change(&fresh, to: email, verifiedAt: nil, scope: scope, at: now, in: transaction)
            }
            return .json(200, ["state": "email_changed"])
        }
        guard mailLimit.allows(MailPurpose.email.mailbox(email), now: now) else { return Self.awaitingAddress }
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
        let old = self.email(of: member)
        member.emailVerifiedAt = verifiedAt
        try Self.namingConflicts {
            try directory.setEmail(member.id, cipher: seal(email, for: member.id), blind: blind(email), in: transaction)
            guard try directory.update(member, at: now, in: transaction) else { throw Problem.stale }
        }
        member.version += 1
        try mailTokens.delete(for: member.id.rawValue, in: transaction)
        try record(
            "user.update", on: member.id, payload: ["before": ["email": "hidden"], "after": ["email": "changed"]], scope: scope,
            in: transaction)
        announce("user.updated", member, extra: ["changed": ["email"]], scope: scope, at: now, in: transaction)
        if let old, old != email.text { try post(.addressChanged, member.locale, to: old, in: transaction) }
    }

    static let awaitingAddress = Reply.json(202, ["state": "verify_email"])
    static let newEmail = "mail_tokens.email"
}
