package import Database
package import Directory
package import Kernel
internal import Roles
package import Sanctions

/// Sanctions of accounts, for Moderation.
extension AccountsFeature {
    /// The person behind a reference, locked until the transaction ends.
    ///
    /// - Throws: 403 for the caller themselves, without the permission, and for a person who is not strictly below; 404.
    package func sanctionable(_ reference: String, requiring permission: Permission, scope: Scope, in transaction: Transaction) throws
        -> Member
    {
        let target = try directory.resolve(reference, scope: scope, includingDeleted: true, in: transaction)
        return try managed(target, for: .ban, requiring: permission, scope: scope, in: transaction)
    }

    /// Imposes a sanction; a kick or ban also ends the sessions.
    ///
    /// - Parameter member: read under the lock of their row.
    package func impose(_ sanction: Sanction, on member: Member, scope: Scope, in transaction: Transaction) throws {
        switch sanction.kind {
        case .ban: try putBan(sanction, on: member, detail: [:], scope: scope, in: transaction)
        case .kick:
            try sanctions.impose(sanction, scope: scope, in: transaction)
            try endEverything(of: member.id, .kicked, at: sanction.issuedAt, in: transaction)
        case .warn, .mute: try sanctions.impose(sanction, scope: scope, in: transaction)
        }
    }

    /// Gives a mute or ban an earlier end; `users.banned_until` repeats it.
    ///
    /// - Parameter member: read under the lock of their row.
    package func shorten(
        _ sanction: Sanction, of member: Member, to end: Timestamp, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws {
        guard try sanctions.shorten(sanction, to: end, scope: scope, in: transaction) != nil, sanction.kind == .ban else { return }
        var changed = member
        changed.bannedUntil = end
        guard try directory.update(changed, at: now, in: transaction) else { throw Problem.stale }
        changed.version += 1
        try announce("user.updated", changed, extra: ["changed": ["ban"]], scope: scope, at: now, in: transaction)
    }

    /// Ends a sanction before it expires.
    ///
    /// - Parameter member: read under the lock of their row.
    /// - Returns: false when it had ended before.
    @discardableResult
    package func end(
        _ sanction: Sanction, of member: Member, _ end: SanctionEnd, note: String?, scope: Scope, at now: Timestamp,
        in transaction: Transaction
    ) throws -> Bool {
        guard sanction.kind == .ban else {
            return try sanctions.end(sanction, end, by: scope.userID, note: note, at: now, scope: scope, in: transaction) != nil
        }
        guard let open = try SanctionTable.open(.ban, of: member.id, transaction), open.id == sanction.id else { return false }
        try lift(member, cause: end.rawValue, note: note, scope: scope, at: now, in: transaction)
        return true
    }
}
