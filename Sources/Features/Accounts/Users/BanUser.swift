internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Sanctions
internal import Web

/// A ban as a request describes it.
struct Ban: Sendable {
    let reason: String
    /// Nil: permanent.
    let seconds: Int64?
    var evidence: [String] = []
}

extension Ban {
    init(_ body: JSON) throws(Problem) {
        var input = try Input(body)
        let reason = input.string("reason", length: 1...SanctionLimits.reason, required: true)
        seconds = input.integer("duration_s", SanctionLimits.seconds)
        evidence = input.sanctionEvidence()
        try input.finish()
        self.reason = try input.required(reason)
    }
}

/// `POST /users/{id}/ban` and `DELETE /users/{id}/ban`
extension AccountsFeature {
    func banUser(_ call: Call) async throws -> Reply {
        let ban = try Ban(try call.body())
        let (scope, now) = (call.scope, clock.now())
        return try await manage(call, .ban, requiring: .moderationBan) { [self] member, transaction in
            try self.ban(member, ban, scope: scope, at: now, in: transaction)
            return try reply(member.id, scope, transaction)
        }
    }

    /// Ends every session and refuses sign-ins until the ban expires; a second ban replaces the first.
    func ban(_ member: Member, _ ban: Ban, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        var sanction = Sanction(
            .ban, of: member.id, id: ids.next(), reason: ban.reason, by: scope.userID, at: now,
            until: ban.seconds.map { now.adding(seconds: $0) })
        sanction.evidence = ban.evidence
        try putBan(sanction, on: member, detail: ["duration_s": JSON(ban.seconds)], scope: scope, in: transaction)
    }

    /// Imposes a ban, writes its audit entry and event, and ends every session. `users.is_banned`, `banned_until` and `ban_reason` repeat the sanction.
    func putBan(_ sanction: Sanction, on member: Member, detail: JSONObject, scope: Scope, in transaction: Transaction) throws {
        try authorizer.requireNotLastOwner(member.id, in: transaction)
        let now = sanction.issuedAt
        try sanctions.impose(sanction, scope: scope, in: transaction)
        var banned = member
        (banned.isBanned, banned.bannedUntil, banned.banReason) = (true, sanction.expiresAt, sanction.reason)
        guard try directory.update(banned, at: now, in: transaction) else { throw Problem.stale }
        banned.version += 1
        var payload: JSONObject = [
            "before": ["is_banned": .bool(member.isBanned(at: now)), "banned_until": JSON(member.bannedUntil)],
            "after": ["is_banned": true, "banned_until": JSON(banned.bannedUntil)], "reason": .string(sanction.reason),
            "sanction_id": JSON(sanction.id), "source": .string(sanction.source.rawValue),
            "evidence": .array(sanction.evidence.map { .string($0) }),
        ]
        for (name, value) in detail { payload.append(name, value) }
        try record("user.ban", on: member.id, payload: .object(payload), scope: scope, in: transaction)
        try announce("user.banned", banned, extra: ["banned_until": JSON(banned.bannedUntil)], scope: scope, at: now, in: transaction)
        try endEverything(of: member.id, .banned, at: now, in: transaction)
    }

    func unbanUser(_ call: Call) async throws -> Reply {
        let (scope, now) = (call.scope, clock.now())
        return try await manage(call, .unban, requiring: .moderationBan) { [self] member, transaction in
            if member.isBanned { try lift(member, cause: "lifted", scope: scope, at: now, in: transaction) }
            return try reply(member.id, scope, transaction)
        }
    }

    /// Ends a ban that was lifted or has expired.
    ///
    /// - Parameters:
    ///   - cause: the cause in the audit entry and the event.
    ///   - note: the reason, for the team.
    func lift(
        _ member: Member, cause: String, note: String? = nil, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws {
        if let open = try SanctionTable.open(.ban, of: member.id, transaction) {
            try sanctions.end(
                open, SanctionEnd(rawValue: cause) ?? .lifted, by: scope.userID, note: note, at: now, scope: scope, in: transaction)
        }
        var free = member
        (free.isBanned, free.bannedUntil, free.banReason) = (false, nil, nil)
        guard try directory.update(free, at: now, in: transaction) else { throw Problem.stale }
        free.version += 1
        try record(
            "user.unban", on: member.id,
            payload: [
                "before": ["is_banned": true, "banned_until": JSON(member.bannedUntil), "ban_reason": JSON(member.banReason)],
                "after": ["is_banned": false], "cause": .string(cause), "reason": JSON(note),
            ],
            scope: scope, in: transaction)
        try announce("user.unbanned", free, extra: ["cause": .string(cause)], scope: scope, at: now, in: transaction)
    }
}
