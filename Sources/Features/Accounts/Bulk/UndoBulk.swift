internal import Authorization
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Sanctions
internal import Web

/// Gives people back what they were before an act upon many.
extension AccountsFeature {
    /// - Parameter order: of the job that undoes: what it is called, and the permission that it needs.
    /// - Returns: nothing changed where it is so already, where its time is over, or where somebody decided otherwise since.
    func giveBack(_ former: FormerState, _ order: BulkOrder, to user: UserID, scope: Scope, in transaction: Transaction) throws
        -> FormerState?
    {
        let now = clock.now()
        switch (former, order.action) {
        case (.role(let held), .giveRole(let role)), (.role(let held), .takeRole(let role)):
            return try giveBack(held, role, order, to: user, scope: scope, at: now, in: transaction)
        case (.tag(let place?), .addTag(let tag)):
            let before = try retag(user, scope: scope, at: now, in: transaction) { tags in
                guard !tags.contains(tag) else { return tags }
                var tags = tags
                tags.insert(tag, at: min(place, tags.count))
                return tags
            }
            return before.map { _ in .tag(place: nil) }
        case (.ban(let before, let after), .ban), (.ban(let before, let after), .unban):
            return try giveBack(before, insteadOf: after, order, to: user, scope: scope, at: now, in: transaction)
        case (.deletion(let deletedAt, let leftAt), .delete), (.deletion(let deletedAt, let leftAt), .restore):
            return try giveBack(deletedAt, leftAt, order, to: user, scope: scope, at: now, in: transaction)
        default: return try perform(order, on: user, scope: scope, in: transaction)
        }
    }

    private func giveBack(
        _ held: FormerState.Held?, _ role: RoleID, _ order: BulkOrder, to user: UserID, scope: Scope, at now: Timestamp,
        in transaction: Transaction
    ) throws -> FormerState? {
        guard let held else {
            return try perform(BulkOrder(.takeRole(role), reason: order.reason), on: user, scope: scope, in: transaction)
        }
        if let end = held.expiresAt, end <= now { return nil }
        let changed = try roles.assignments.set(
            role, of: user, held: true, until: held.expiresAt, scope: scope, reason: held.reason, in: transaction)
        return changed ? .role(nil) : nil
    }

    private func giveBack(
        _ before: FormerState.Banned?, insteadOf after: FormerState.Banned?, _ order: BulkOrder, to user: UserID, scope: Scope,
        at now: Timestamp, in transaction: Transaction
    ) throws -> FormerState? {
        let act: AccountStanding.Act = order.action == .unban ? .unban : .ban
        let member = try managed(user, for: act, requiring: order.action.permission, scope: scope, in: transaction)
        // Another ban than the job's is somebody's newer decision. The job's own may have ended meanwhile.
        guard member.ban == nil || member.ban == after else { return nil }
        let changed = FormerState.ban(before: member.ban, after: before)
        guard let before, !before.hasEnded(at: now) else {
            guard member.isBanned else { return nil }
            try lift(member, cause: "undone", scope: scope, at: now, in: transaction)
            return changed
        }
        guard member.ban != before else { return nil }
        let sanction = Sanction(
            .ban, of: member.id, id: ids.next(), reason: before.reason ?? "", by: scope.userID, at: now, until: before.until)
        try putBan(sanction, on: member, detail: ["restored": true], scope: scope, in: transaction)
        return changed
    }

    private func giveBack(
        _ deletedAt: Timestamp?, _ leftAt: Timestamp?, _ order: BulkOrder, to user: UserID, scope: Scope, at now: Timestamp,
        in transaction: Transaction
    ) throws -> FormerState? {
        let act: AccountStanding.Act = order.action == .delete ? .delete : .restore
        let member = try managed(user, for: act, requiring: order.action.permission, scope: scope, in: transaction)
        guard (member.deletedAt, member.leftAt) != (deletedAt, leftAt) else { return nil }
        if deletedAt == nil { return try perform(order, on: user, scope: scope, in: transaction) }
        var changed = member
        (changed.deletedAt, changed.leftAt) = (deletedAt, leftAt)
        guard try directory.update(changed, at: now, in: transaction) else { throw Problem.stale }
        try endEverything(of: user, .deleted, at: now, in: transaction)
        try record(
            order.action == .delete ? "user.delete" : "user.restore", on: user,
            payload: [
                "before": ["deleted_at": JSON(member.deletedAt), "left_at": JSON(member.leftAt)],
                "after": ["deleted_at": JSON(deletedAt), "left_at": JSON(leftAt)], "restored": true,
            ], scope: scope, in: transaction)
        if member.deletedAt == nil { try announce("user.deleted", member, extra: ["hard": false], scope: scope, at: now, in: transaction) }
        return .deletion(deletedAt: member.deletedAt, leftAt: member.leftAt)
    }
}
