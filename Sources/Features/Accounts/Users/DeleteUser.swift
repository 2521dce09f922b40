internal import Database
internal import Directory
internal import Kernel
internal import Presence
internal import Roles
internal import Web

/// `DELETE /users/{id}` and `POST /users/{id}/restore`
extension AccountsFeature {
    /// Softly the row stays, and with it the name; for good everything of the person goes but the audit log.
    func deleteUser(_ call: Call) async throws -> Reply {
        var query = try call.query
        let isHard = query.bool("hard") ?? (policy.deletion == .hard)
        try query.finish()
        try call.scope.require(isHard ? .usersDeleteHard : .usersDelete)
        let (scope, now) = (call.scope, clock.now())
        return try await manage(call, isHard ? .erase : .delete, requiring: isHard ? .usersDeleteHard : .usersDelete) {
            [self] member, transaction in
            try delete(member, isHard: isHard, scope: scope, at: now, in: transaction)
            return .noContent
        }
    }

    func delete(_ member: Member, isHard: Bool, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        try authorizer.requireNotLastOwner(member.id, in: transaction)
        try endEverything(of: member.id, .deleted, at: now, in: transaction)
        try record(
            "user.delete", on: member.id,
            payload: [
                "before": ["username": .string(member.username), "display_name": .string(member.displayName)], "after": nil,
                "hard": .bool(isHard),
            ],
            scope: scope, in: transaction)
        if isHard {
            try eraseEverything(of: member.id, in: transaction)
        } else {
            var deleted = member
            (deleted.deletedAt, deleted.leftAt) = (now, nil)
            guard try directory.update(deleted, at: now, in: transaction) else { throw Problem.stale }
        }
        try announce("user.deleted", member, extra: ["hard": .bool(isHard)], scope: scope, at: now, in: transaction)
    }

    /// Gives a softly deleted person everything back.
    func restoreUser(_ call: Call) async throws -> Reply {
        let (scope, now) = (call.scope, clock.now())
        return try await manage(call, .restore, requiring: .usersDelete) { [self] member, transaction in
            _ = try restore(member, scope: scope, at: now, in: transaction)
            return try reply(member.id, scope, transaction)
        }
    }

    /// - Returns: false for somebody who is there.
    func restore(_ member: Member, scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> Bool {
        guard member.deletedAt != nil else { return false }
        var restored = member
        (restored.deletedAt, restored.leftAt) = (nil, nil)
        guard try directory.update(restored, at: now, in: transaction) else { throw Problem.stale }
        restored.version += 1
        try record(
            "user.restore", on: member.id, payload: ["before": ["deleted_at": JSON(member.deletedAt)], "after": ["deleted_at": nil]],
            scope: scope, in: transaction)
        try announce("user.restored", restored, scope: scope, at: now, in: transaction)
        return true
    }

    /// One act of the team upon somebody strictly below them, never upon themselves; ends what sessions it says.
    func manage(
        _ call: Call, _ act: AccountStanding.Act, requiring permission: Permission,
        _ body: @escaping @Sendable (Member, Transaction) throws -> Reply
    ) async throws -> Reply {
        let (reference, scope) = (call.parameter("id"), call.scope)
        return try await call.mutate(database) { [self] transaction in
            let target = try directory.resolve(reference, scope: scope, includingDeleted: true, in: transaction)
            let member = try managed(target, for: act, requiring: permission, scope: scope, in: transaction)
            try call.checkIfMatch(version: member.version)
            return try body(member, transaction)
        }
    }

    /// The person, kept from others until the transaction ends, when who asks may act upon them.
    ///
    /// - Throws: 403 for oneself, for want of the permission and for whoever is not strictly below; 404.
    func managed(
        _ target: UserID, for act: AccountStanding.Act, requiring permission: Permission, scope: Scope, in transaction: Transaction
    ) throws -> Member {
        guard target != scope.userID else {
            throw Problem.forbidden(
                "not_yourself", LocalizedText(en: "You cannot do this to yourself.", fr: "Vous ne pouvez pas vous appliquer cette action."))
        }
        // Before the rank: of an account that is as good as none nothing is told.
        try require(act, of: directory.member(target, includingDeleted: true, in: transaction), at: clock.now())
        try authorizer.requireMayManage(scope, target: target, requiring: [permission], in: transaction)
        let member = try directory.lockedMember(target, includingDeleted: true, in: transaction)
        try require(act, of: member, at: clock.now())
        return member
    }

    /// Ends the sessions of a person, what is open with their API keys, and the links in mails that were asked for before.
    func endEverything(of user: UserID, _ reason: SessionRevocation.Reason, at now: Timestamp, in transaction: Transaction) throws {
        try mailTokens.delete(for: user.rawValue, in: transaction)
        try sessions.revoke("user_id = \(user)", reason, at: now, in: transaction)
        try keys.endAll(of: user, reason, at: now, in: transaction)
        // A ban revokes the keys for good: lifting the ban does not bring them back.
        if reason == .banned { try keys.deleteAll(of: user, in: transaction) }
    }

    func reply(_ user: UserID, _ scope: Scope, _ transaction: Transaction) throws -> Reply {
        let member = try directory.member(user, includingDeleted: true, in: transaction)
        return Reply.json(200, try views([member], scope: scope, in: transaction)[0]).tagged(version: member.version)
    }
}
