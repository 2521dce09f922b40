internal import Accounts
internal import Authorization
internal import Database
internal import Directory
internal import Kernel
internal import Roles
internal import Sanctions

/// Applies and undoes the escalation rules, in the transaction of the sanction; the person's row is locked.
extension ModerationFeature {
    func escalate(after change: SanctionChange, in transaction: Transaction) throws {
        let sanction = change.sanction
        guard sanction.source != .escalation, sanction.kind == .warn || sanction.kind == .mute else { return }
        let now = sanction.issuedAt
        for rule in try EscalationTable.rules(in: transaction) where rule.kind == sanction.kind {
            let counted = try EscalationTable.counted(rule, of: sanction.user, at: now, in: transaction)
            guard counted.count >= rule.count, try mayAct(rule, on: sanction.user, in: transaction) else { continue }
            let member = try directory.lockedMember(sanction.user, includingDeleted: true, in: transaction)
            var result = Sanction(
                rule.result, of: sanction.user, id: ids.next(), reason: rule.reason(member.locale), by: nil, at: now,
                until: rule.duration.map { now.adding(seconds: $0) })
            (result.source, result.sourceID, result.caseID) = (.escalation, rule.id, sanction.caseID)
            // Before the sanction is announced, so that listeners find its triggers.
            try EscalationTable.use(counted, rule, result.id, in: transaction)
            var scope = change.scope
            (scope.userID, scope.sessionID, scope.key) = (nil, nil, nil)
            try impose(result, on: member, scope: scope, in: transaction)
        }
    }

    /// A rule has the rights that its author has now.
    private func mayAct(_ rule: EscalationRule, on user: UserID, in transaction: Transaction) throws -> Bool {
        guard let author = rule.author else { return true }
        return try mayAct(for: author, rule.result, on: user, in: transaction)
    }

    /// Whether somebody may now impose a sanction of a kind on a person.
    func mayAct(for author: UserID, _ kind: SanctionKind, on user: UserID, in transaction: Transaction) throws -> Bool {
        let scope = Scope(userID: author)
        guard try roles.authorizer.rights(of: author, in: transaction).can(kind.permission) else { return false }
        return try roles.authorizer.manageable([user], by: scope, in: transaction).contains(user)
    }

    /// Ends what a lifted or appealed sanction caused; the other triggers count again.
    func undoEscalation(of change: SanctionChange, in transaction: Transaction) throws {
        let (sanction, now) = (change.sanction, clock.now())
        guard let end = sanction.end, end == .lifted || end == .appealed else { return }
        for id in try EscalationTable.results(of: sanction.id, in: transaction) {
            guard let result = try SanctionTable.sanction(id, in: transaction), result.isInForce(at: now) else { continue }
            let member = try directory.lockedMember(result.user, includingDeleted: true, in: transaction)
            try accounts.end(result, of: member, end, note: sanction.endNote, scope: change.scope, at: now, in: transaction)
            try EscalationTable.free(id, in: transaction)
        }
    }

    /// The rule that the fewest further sanctions of a kind would trigger; null without one.
    func escalationView(of kind: SanctionKind, for user: UserID, at now: Timestamp, in transaction: Transaction) throws -> JSON {
        var nearest: (missing: Int64, view: JSON)?
        for rule in try EscalationTable.rules(in: transaction) where rule.kind == kind {
            let counted = Int64(try EscalationTable.counted(rule, of: user, at: now, in: transaction).count)
            let missing = max(0, rule.count - counted - 1)
            guard nearest.map({ missing < $0.missing }) ?? true else { continue }
            nearest = (
                missing,
                [
                    "counted": .integer(counted), "count": .integer(rule.count), "within_s": .integer(rule.within),
                    "fires": .bool(missing == 0), "result_kind": .string(rule.result.rawValue), "duration_s": JSON(rule.duration),
                ]
            )
        }
        return nearest?.view ?? .null
    }
}
