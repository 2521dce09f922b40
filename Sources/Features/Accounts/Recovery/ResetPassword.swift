internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Web

/// `POST /auth/password/reset`
extension AccountsFeature {
    /// Sets a new password for whoever holds the link; ends every session, and leaves the second factor as it is.
    func resetPassword(_ call: Call) async throws -> Reply {
        try publicOrigin.checkIfPresent(call.request)
        let (scope, now) = (call.scope, clock.now())
        var input = try Input(try call.body())
        let given = input.string("token", length: 1...200, required: true)
        let password = Password.read(&input)
        try input.finish()
        let (token, chosen) = (try input.required(given), try input.required(password))
        try wishes.take(AddressBlock.of(scope.address), now: now)
        // Looked at before the password is hashed, spent after.
        let member = try await database.read { [self] in try target(mailTokens.find(token, at: now, in: $0), at: now, in: $0) }
        guard ![member.username, member.displayName.lowercased()].contains(chosen.lowercased()) else { throw Self.ownName }
        let hash = try await hasher.hash(chosen)
        let revocations = try await database.write { [self] transaction in
            guard let found = try mailTokens.spend(token, at: now, in: transaction) else { throw Self.linkInvalid }
            try lockUser(UserID(rawValue: found.subject), in: transaction)
            var member = try target(found, at: now, in: transaction)
            member.passwordHash = hash
            // Who got the mail has the address.
            member.emailVerifiedAt = now
            guard try directory.update(member, at: now, in: transaction) else { throw Problem.stale }
            var actor = scope
            actor.userID = member.id
            try record("auth.password_reset", on: member.id, payload: [:], scope: actor, in: transaction)
            if let address = email(of: member) { try post(.passwordChanged, member.locale, to: address, in: transaction) }
            return try endBeforeNewPassword(of: member.id, at: now, in: transaction)
        }
        feed.apply(revocations)
        return .noContent
    }

    /// Whom a link for a new password is for: the address must still be theirs.
    ///
    /// - Throws: 403 otherwise.
    private func target(_ found: MailTokens.Found?, at now: Timestamp, in transaction: Transaction) throws -> Member {
        guard let found, found.purpose == .reset else { throw Self.linkInvalid }
        let row = try transaction.row(
            """
            SELECT \(sql: Member.columns) FROM users WHERE users.id = \(found.subject) AND users.email_blind = \(found.blind)
            AND (users.deleted_at IS NULL OR users.left_at > \(graceStart(now)))
            """)
        guard let row else { throw Self.linkInvalid }
        return Member(row)
    }

    private static let ownName = Problem.invalid(
        "/password", "too_common",
        LocalizedText(
            en: "This password is among the first that anybody would try.",
            fr: "Ce mot de passe est parmi les premiers que l’on essaierait."))
}
