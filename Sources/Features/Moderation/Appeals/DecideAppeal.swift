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
    /// Accepted, the sanction ends with all that it brought and hid, or at another time; rejected, it stays, with a reason.
    func decideAppeal(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let accept = input.bool("accept", required: true)
        let given = input.string("reason", length: 1...SanctionOrder.reasonLength, required: true)
        let expiresAt = input.time("expires_at")
        try input.finish()
        let (isAccepted, reason) = (try input.required(accept), try input.required(given))
        let (scope, now, id) = (call.scope, clock.now(), AppealID(uuid: call.parameter("id")))
        return try await call.mutate(database) { [self] transaction in
            guard let id, var appeal = try appeals.find(id, in: transaction) else { throw Problem.notFound }
            // The case first, then the person: as every decision does.
            var queued = try caseToChange(call, appeal.caseID.uuid, at: now, in: transaction)
            guard let sanction = try SanctionTable.sanction(appeal.sanction, in: transaction) else { throw Problem.notFound }
            let member = try accounts.sanctionable(
                appeal.user.uuid, requiring: sanction.kind.permission, scope: scope, in: transaction)
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

    /// The sanction ends as appealed, what it brought with it; what its case hid comes back.
    private func undo(
        _ sanction: Sanction, of member: Member, reason: String, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws {
        if sanction.endedAt == nil {
            try accounts.end(sanction, of: member, .appealed, note: reason, scope: scope, at: now, in: transaction)
        }
        if let source = sanction.caseID {
            try giveBack(contentOf: CaseID(rawValue: source.rawValue), scope: scope, at: now, in: transaction)
        }
    }

    private func shorten(
        _ sanction: Sanction, of member: Member, to end: Timestamp, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws {
        guard sanction.kind.lasts, sanction.isInForce(at: now), end > now, sanction.expiresAt.map({ end < $0 }) ?? true else {
            throw Problem.invalid(
                "/expires_at", "invalid",
                LocalizedText(
                    en: "An earlier end of a mute or ban that is in force.", fr: "Une fin plus proche d’une sanction en vigueur."))
        }
        try accounts.shorten(sanction, of: member, to: end, scope: scope, at: now, in: transaction)
    }

    /// Whether who asks may decide on an appeal: another than the issuer, where somebody else could.
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
            en: "You imposed this sanction: somebody else decides on the appeal.",
            fr: "Vous avez prononcé cette sanction : à quelqu’un d’autre de trancher le recours."))
}
