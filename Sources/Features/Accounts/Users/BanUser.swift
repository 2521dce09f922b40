internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Web

/// What a ban says.
struct Ban: Sendable {
    let reason: String
    /// Nil is for good.
    let seconds: Int64?
    var evidence: [String] = []
}

extension Ban {
    init(_ body: JSON) throws(Problem) {
        var input = try Input(body)
        let reason = input.string("reason", length: 1...500, required: true)
        seconds = input.integer("duration_s", Self.seconds)
        evidence = input.strings("evidence", count: 0...20, length: 1...500) ?? []
        for (index, link) in evidence.enumerated() where !link.hasPrefix("https://") && !link.hasPrefix("http://") {
            input.fail(
                "evidence", "invalid",
                LocalizedText(en: "Link \(index + 1) is no web address.", fr: "Le lien \(index + 1) n’est pas une adresse web."))
        }
        try input.finish()
        self.reason = try input.required(reason)
    }

    /// How long a ban for a time may last.
    static let seconds: ClosedRange<Int64> = 1...3_153_600_000
}

/// `POST /users/{id}/ban` and `DELETE /users/{id}/ban`
extension AccountsFeature {
    func banUser(_ call: Call) async throws -> Reply {
        let ban = try Ban(try call.body())
        let (scope, now) = (call.scope, clock.now())
        return try await manage(call, requiring: .moderationBan) { [self] member, transaction in
            let ended = try self.ban(member, ban, scope: scope, at: now, in: transaction)
            return (try reply(member.id, scope, transaction), ended)
        }
    }

    /// Ends every session, and lets nobody in before the ban runs out; a second ban replaces the first.
    func ban(_ member: Member, _ ban: Ban, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [SessionRevocation] {
        try authorizer.requireNotLastOwner(member.id, in: transaction)
        var banned = member
        banned.isBanned = true
        banned.bannedUntil = ban.seconds.map { now.adding(seconds: $0) }
        banned.banReason = ban.reason
        guard try directory.update(banned, at: now, in: transaction) else { throw Problem.stale }
        banned.version += 1
        try record(
            "user.ban", on: member.id,
            payload: [
                "before": ["is_banned": .bool(member.isBanned(at: now)), "banned_until": JSON(member.bannedUntil)],
                "after": ["is_banned": true, "banned_until": JSON(banned.bannedUntil)], "reason": .string(ban.reason),
                "duration_s": JSON(ban.seconds), "evidence": .array(ban.evidence.map { .string($0) }),
            ],
            scope: scope, in: transaction)
        announce("user.banned", banned, extra: ["banned_until": JSON(banned.bannedUntil)], scope: scope, at: now, in: transaction)
        return try endEverything(of: member.id, .banned, at: now, in: transaction)
    }

    func unbanUser(_ call: Call) async throws -> Reply {
        let (scope, now) = (call.scope, clock.now())
        return try await manage(call, requiring: .moderationBan) { [self] member, transaction in
            if member.isBanned { try lift(member, cause: "lifted", scope: scope, at: now, in: transaction) }
            return (try reply(member.id, scope, transaction), [])
        }
    }

    /// Clears a ban, on somebody's word or because its time has come.
    func lift(_ member: Member, cause: String, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        var free = member
        (free.isBanned, free.bannedUntil, free.banReason) = (false, nil, nil)
        guard try directory.update(free, at: now, in: transaction) else { throw Problem.stale }
        free.version += 1
        try record(
            "user.unban", on: member.id,
            payload: [
                "before": ["is_banned": true, "banned_until": JSON(member.bannedUntil), "ban_reason": JSON(member.banReason)],
                "after": ["is_banned": false], "cause": .string(cause),
            ],
            scope: scope, in: transaction)
        announce("user.unbanned", free, extra: ["cause": .string(cause)], scope: scope, at: now, in: transaction)
    }
}
