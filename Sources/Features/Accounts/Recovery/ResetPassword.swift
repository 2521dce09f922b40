internal import Crypto
internal import Database
internal import Directory
internal import Kernel
internal import Runtime
internal import Synchronization
internal import Web

/// `POST /auth/password/reset`
extension AccountsFeature {
    /// Sets a new password for whoever holds the link; ends every session.
    ///
    /// A second factor and API keys stay when the person made them after the address had proved to be theirs. What was there before that may be
    /// somebody else's, and ends.
    func resetPassword(_ call: Call) async throws -> Reply {
        try publicOrigin.checkIfPresent(call.request)
        let (scope, now) = (call.scope, clock.now())
        var input = try Input(try call.body())
        let given = input.string("token", length: 1...200, required: true)
        let password = Password.read(&input)
        try input.finish()
        let (token, chosen) = (try input.required(given), try input.required(password))
        try limiter.spend(RateLimiter.Charge(.mailRequests, AddressBlock.of(scope.address)))
        // Looked at before the password is hashed, spent after.
        let member = try await database.read { [self] in try target(mailTokens.find(token, at: now, in: $0), at: now, in: $0) }
        guard ![member.username, member.displayName.lowercased()].contains(chosen.lowercased()) else { throw Self.ownName }
        let hash = try await hasher.hash(chosen, for: .stranger(scope))
        try await database.write { [self] transaction in
            guard let found = try mailTokens.spend(token, at: now, in: transaction) else { throw Self.linkInvalid }
            try lockUser(UserID(rawValue: found.subject), in: transaction)
            var member = try target(found, at: now, in: transaction)
            member.passwordHash = hash
            let provenAt = try AddressProof.time(of: member.id, in: transaction)
            // Who got the mail has the address.
            member.emailVerifiedAt = now
            try AddressProof.set(member.id, at: now, in: transaction)
            guard try directory.update(member, at: now, in: transaction) else { throw Problem.stale }
            var actor = scope
            actor.userID = member.id
            let ended = try endUnproven(of: member.id, before: provenAt, scope: actor, at: now, in: transaction)
            try record("auth.password_reset", on: member.id, payload: ended, scope: actor, in: transaction)
            if let address = email(of: member) { try post(.passwordChanged, member.locale, to: address, in: transaction) }
            try endBeforeNewPassword(of: member.id, at: now, in: transaction)
        }
        return .noContent
    }

    /// Ends the second factor, the API keys and the other ways in that were made before the address proved to be the person's.
    ///
    /// - Parameter provenAt: nil when it never did.
    private func endUnproven(of user: UserID, before provenAt: Timestamp?, scope: Scope, at now: Timestamp, in transaction: Transaction)
        throws -> JSON
    {
        let isUnproven = { (time: Timestamp) in provenAt.map { time < $0 } ?? true }
        var payload = JSONObject()
        if let factor = try factors.find(user, in: transaction), isUnproven(factor.confirmedAt ?? factor.createdAt) {
            _ = try factors.remove(user, in: transaction)
            payload.append("second_factor_removed", true)
        }
        let all = try keys.keys(of: user, before: nil, limit: KeyRecord.maximumCount, in: transaction)
        let unproven = all.filter { isUnproven($0.rotatedAt ?? $0.createdAt) }
        for key in unproven {
            try keys.delete(key.id, in: transaction)
            try record("api_key.revoke", key, before: key.audited, after: nil, scope: scope, in: transaction)
            keys.end(key.id, of: user, .revoked, at: now, in: transaction)
        }
        if !unproven.isEmpty { payload.append("api_keys_revoked", JSON(unproven.count)) }
        let others = external.withLock { $0.unproven }
        let ended = try others.reduce(0) { try $0 + $1(user, provenAt, transaction) }
        if ended > 0 { payload.append("ways_in_removed", JSON(ended)) }
        return .object(payload)
    }

    /// Whom a link for a new password is for: the address must still be theirs.
    ///
    /// - Throws: 403 otherwise.
    private func target(_ found: MailTokens.Found?, at now: Timestamp, in transaction: Transaction) throws -> Member {
        guard let found, found.purpose == .reset || found.purpose == .invite else { throw Self.linkInvalid }
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
