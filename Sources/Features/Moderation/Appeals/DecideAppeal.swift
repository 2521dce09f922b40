internal import Accounts
internal import Audit
internal import Authorization
internal import Bus
internal import Database
internal import Directory
internal import Kernel
internal import Notifications
internal import Roles
internal import Sanctions
internal import Web

/// `POST /appeals/{id}/decide`
extension ModerationFeature {
    /// Accepting ends the sanction and its consequences, or shortens it with `expires_at`; rejecting changes nothing.
    func decideAppeal(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let accept = input.bool("accept", required: true)
        let given = input.string("reason", length: 1...SanctionLimits.reason, required: true)
        let expiresAt = input.time("expires_at")
        try input.finish()
        let (isAccepted, reason) = (try input.required(accept), try input.required(given))
        let (scope, now, id) = (call.scope, clock.now(), AppealID(uuid: call.parameter("id")))
        return try await call.mutate(database) { [self] transaction in
            guard let id, var appeal = try appeals.find(id, in: transaction) else { throw Problem.notFound }
            // Every decision locks the case first, then the person.
            var queued = try caseToChange(call, appeal.caseID.uuid, at: now, in: transaction)
            let (sanction, member) = try sanctionToEnd(appeal.sanction, scope, in: transaction)
            guard try mayDecide(sanction, scope, in: transaction) else { throw ModerationProblems.ownSanction }
            if isAccepted {
                if let expiresAt {
                    try shorten(sanction, of: member, to: expiresAt, scope: scope, at: now, in: transaction)
                } else {
                    try undo(sanction, of: member, reason: reason, scope: scope, at: now, in: transaction)
                }
            }
            (appeal.state, appeal.decidedBy, appeal.decidedAt) = (isAccepted ? .accepted : .rejected, scope.userID, now)
            appeal.answer = reason
            try appeals.decide(&appeal, in: transaction)
            try close(&queued, isAccepted ? .acted : .dismissed, reason: reason, scope: scope, at: now, in: transaction)
            try audit.record(
                "appeal.decide", target: ("appeal", appeal.id.uuid),
                payload: [
                    "sanction_id": JSON(sanction.id), "user_id": JSON(appeal.user), "accepted": .bool(isAccepted),
                    "reason": .string(reason), "expires_at": JSON(expiresAt),
                ], result: .success, scope: scope, in: transaction)
            try tell(of: appeal, scope: scope, at: now, in: transaction)
            return try detail(of: queued, for: scope, at: now, in: transaction)
        }
    }

    /// Ends the sanction as appealed and restores the messages that its case hid.
    private func undo(
        _ sanction: Sanction, of member: Member, reason: String, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws {
        if sanction.endedAt == nil {
            try accounts.end(sanction, of: member, .appealed, note: reason, scope: scope, at: now, in: transaction)
        }
        if let source = sanction.caseID {
            try restore(contentOf: CaseID(rawValue: source.rawValue), scope: scope, at: now, in: transaction)
        }
    }

    private func shorten(
        _ sanction: Sanction, of member: Member, to end: Timestamp, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws {
        guard sanction.kind.lasts, sanction.isInForce(at: now), end > now, sanction.expiresAt.map({ end < $0 }) ?? true else {
            throw Problem.invalid(
                "/expires_at", "invalid",
                LocalizedText(
                    en: "A mute or ban in force can only get an earlier end.",
                    fr: "Seule une sanction en vigueur peut recevoir une fin plus proche."))
        }
        try accounts.shorten(sanction, of: member, to: end, scope: scope, at: now, in: transaction)
    }

    /// Whether the caller may decide an appeal: the issuer of the sanction may not, unless nobody else can.
    func mayDecide(_ sanction: Sanction?, _ scope: Scope, in transaction: Transaction) throws -> Bool {
        guard let sanction, sanction.issuedBy == scope.userID else { return true }
        let able = try roles.assignments.holding(permission: sanction.kind.permission, in: transaction)
        let candidates = try transaction.rows(
            """
            SELECT users.id FROM users WHERE users.deleted_at IS NULL AND users.is_disabled = \(false) AND users.is_banned = \(false)
                AND users.id <> \(sanction.user) AND users.id <> \(scope.userID) AND \(sql: able) ORDER BY users.id LIMIT 500
            """
        ).map { $0.id(0, User.self) }
        let rights = try roles.assignments.rights(of: candidates + [sanction.user], in: transaction)
        let rank = rights[sanction.user]?.rank ?? .min
        return !candidates.contains { candidate in
            guard let other = rights[candidate] else { return false }
            return other.can(.moderationReports) && other.rank > rank
        }
    }

    private func tell(of appeal: Appeal, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        transaction.atCommit(
            OutboxEvent(
                "appeal.decided", to: [.users([appeal.user])], members: ["appeal": Self.ownView(appeal)], requestID: scope.requestID,
                at: now
            ).sealed(by: eventCipher))
        // Where the sanction ended, its own mail has the answer.
        if try SanctionTable.sanction(appeal.sanction, in: transaction)?.end != .appealed { try mail(appeal, in: transaction) }
        guard tellsPeople() else { return }
        try centre.notify(
            NotificationDraft(
                to: appeal.user, kind: "appeal.decided", groupKey: "appeal:\(appeal.id)", url: Self.ownPage,
                arguments: ["text": JSON(appeal.answer), "state": .string(appeal.state.rawValue)], requestID: scope.requestID),
            in: transaction)
    }
}

extension ModerationProblems {
    static let ownSanction = Problem.forbidden(
        "own_sanction",
        LocalizedText(
            en: "You imposed this sanction. Somebody else has to decide the appeal.",
            fr: "Vous avez prononcé cette sanction. Une autre personne doit trancher le recours."))
}
