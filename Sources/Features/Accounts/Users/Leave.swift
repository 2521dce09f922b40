internal import Audit
internal import Database
internal import Directory
internal import HTTP
internal import Kernel
internal import Presence
internal import Roles
internal import Sanctions
internal import Synchronization
internal import Web

/// `POST /auth/leave`, and coming back by signing in
extension AccountsFeature {
    /// Deletes one's own account, softly: for a while signing in undoes it, then everything of the person goes but the audit log.
    func leave(_ call: Call) async throws -> Reply {
        let (user, scope, now) = (try call.scope.requireWithoutAPIKey(), call.scope, clock.now())
        var input = try Input(try call.body())
        let password = input.string("password", length: 1...Password.maximum, required: true, trimmed: false)
        try input.finish()
        let member = try await database.read { [directory] in try directory.member(user, in: $0) }
        try await checkPassword(try input.required(password), of: member, at: "/password", scope: scope)
        let end = now.adding(seconds: policy.leaveGrace)
        try await database.write { [self] transaction in
            // Of two owners who leave at once, one stays.
            try lockRights(in: transaction)
            try authorizer.requireNotLastOwner(user, in: transaction)
            try lockUser(user, in: transaction)
            var fresh = try directory.member(user, in: transaction)
            guard fresh.passwordHash == member.passwordHash else { throw Problem.stale }
            (fresh.deletedAt, fresh.leftAt) = (now, now)
            guard try directory.update(fresh, at: now, in: transaction) else { throw Problem.stale }
            try endEverything(of: user, .deleted, at: now, in: transaction)
            try record("user.leave", on: user, payload: ["before": nil, "after": ["until": JSON(end)]], scope: scope, in: transaction)
            try announce("user.deleted", fresh, extra: ["hard": false], scope: scope, at: now, in: transaction)
        }
        var reply = Reply.json(200, ["until": JSON(end)])
        reply.headers.append("Set-Cookie", cookie.removal)
        return reply
    }

    /// Gives everything back to somebody who left and has just proved who they are.
    ///
    /// Roles, and whatever else is theirs, stayed where they were; what the team took meanwhile stays taken.
    func comeBack(_ member: Member, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        var back = member
        (back.deletedAt, back.leftAt) = (nil, nil)
        guard try directory.update(back, at: now, in: transaction) else { throw Problem.stale }
        back.version += 1
        var actor = scope
        actor.userID = member.id
        try record(
            "user.return", on: member.id, payload: ["before": ["left_at": JSON(member.leftAt)], "after": ["left_at": nil]], scope: actor,
            in: transaction)
        try announce("user.restored", back, scope: actor, at: now, in: transaction)
    }

    /// Whoever left after this may still come back.
    func graceStart(_ now: Timestamp) -> Timestamp { now.adding(seconds: -policy.leaveGrace) }

    /// Erases those whose time to come back is over, a hundred at most.
    package func eraseLeft() async throws {
        let now = clock.now()
        let over = try await database.read { [self] transaction in
            try transaction.rows("SELECT id FROM users WHERE left_at <= \(graceStart(now)) ORDER BY left_at LIMIT 100").map {
                $0.id(0, User.self)
            }
        }
        for user in over {
            try await database.write { [self] transaction in
                let member = try directory.lockedMember(user, includingDeleted: true, in: transaction)
                guard let leftAt = member.leftAt, leftAt <= graceStart(now) else { return }
                let scope = Scope(requestID: "leave-grace")
                try record(
                    "user.delete", on: user,
                    payload: [
                        "before": ["username": .string(member.username), "display_name": .string(member.displayName)], "after": nil,
                        "hard": true, "cause": "left",
                    ], scope: scope, in: transaction)
                try eraseEverything(of: user, in: transaction)
                try announce("user.deleted", member, extra: ["hard": true], scope: scope, at: now, in: transaction)
            }
        }
    }

    /// Everything of the person but the audit log, in this feature and all others.
    func eraseEverything(of user: UserID, in transaction: Transaction) throws {
        try roles.assignments.erase(user, in: transaction)
        try choices.erase(user, in: transaction)
        try audit.eraseAccess(of: user, in: transaction)
        try mailTokens.delete(for: user.rawValue, in: transaction)
        try erasure.withLock { $0 }(user, transaction)
        // After Moderation has deleted what refers to them.
        try SanctionTable.erase(user, in: transaction)
        try directory.delete(user, in: transaction)
    }

    /// Drops those who never answered, those refused long ago, and links that are too old.
    package func sweepRegistrations() async throws {
        let now = clock.now()
        let over = try await database.read { [applicants] in try applicants.expired(at: now, in: $0) }
        for record in over {
            try await database.write { [self] transaction in
                guard let fresh = try applicants.locked(record.id, in: transaction), let end = fresh.expiresAt, end <= now else { return }
                try forget(fresh.id, in: transaction)
            }
        }
        try await database.write { [mailTokens] in try mailTokens.sweep(at: now, in: $0) }
    }
}
