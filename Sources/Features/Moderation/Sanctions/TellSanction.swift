internal import Audit
internal import Bus
internal import Database
internal import Kernel
internal import Notifications
internal import Sanctions

/// What each change of a sanction causes in its transaction: audit entry, events, notification, escalation.
extension ModerationFeature {
    /// The team's topic. Its events carry ids and states, no text.
    static let topic = "moderation"
    /// The pages that notifications link to.
    static let (ownPage, reportsPage) = ("/settings/sanctions", "/settings/sanctions")

    func tell(_ change: SanctionChange, in transaction: Transaction) throws {
        let (sanction, scope) = (change.sanction, change.scope)
        let now = clock.now()
        if sanction.kind != .ban || change.event == .shortened { try record(change, in: transaction) }
        let type = Self.type(of: change.event)
        transaction.atCommit(
            OutboxEvent(
                type, to: [.users([sanction.user])], members: ["sanction": .object(ownView(sanction, at: now))],
                requestID: scope.requestID, at: now
            ).sealed(by: eventCipher))
        announceToTeam(
            type,
            [
                "sanction_id": JSON(sanction.id), "user_id": JSON(sanction.user), "kind": .string(sanction.kind.rawValue),
                "active": .bool(sanction.isInForce(at: now)),
            ], scope: scope, at: now, in: transaction)
        try notify(of: change, in: transaction)
        try mail(change, at: now, in: transaction)
        switch change.event {
        case .imposed: try escalate(after: change, in: transaction)
        case .ended: try undoEscalation(of: change, in: transaction)
        case .shortened: break
        }
    }

    private static func type(of event: SanctionChange.Event) -> String {
        switch event {
        case .imposed: "sanction.created"
        case .ended: "sanction.ended"
        case .shortened: "sanction.updated"
        }
    }

    private func notify(of change: SanctionChange, in transaction: Transaction) throws {
        let sanction = change.sanction
        guard tellsPeople(), let kind = Self.notice(of: change) else { return }
        try centre.notify(
            NotificationDraft(
                to: sanction.user, kind: kind, groupKey: "sanction:\(sanction.id)", url: Self.ownPage,
                arguments: [
                    "text": change.event == .imposed ? .string(sanction.reason) : .null, "kind": .string(sanction.kind.rawValue),
                    "until": JSON(sanction.expiresAt), "end": JSON(sanction.end?.rawValue),
                ], requestID: change.scope.requestID), in: transaction)
    }

    func announceToTeam(_ type: String, _ members: JSONObject, scope: Scope, at now: Timestamp, in transaction: Transaction) {
        transaction.atCommit(
            OutboxEvent(type, topics: [Self.topic], members: members, requestID: scope.requestID, at: now))
    }

    /// Nil: no notification. A banned person cannot read one; an appeal has its own.
    private static func notice(of change: SanctionChange) -> String? {
        switch change.event {
        case .imposed: change.sanction.kind == .ban ? nil : "sanction.\(change.sanction.kind.rawValue)"
        case .ended: change.sanction.end == .replaced ? nil : "sanction.ended"
        case .shortened: nil
        }
    }

    private func record(_ change: SanctionChange, in transaction: Transaction) throws {
        let sanction = change.sanction
        var payload: JSONObject = [
            "sanction_id": JSON(sanction.id), "kind": .string(sanction.kind.rawValue), "source": .string(sanction.source.rawValue),
            "source_id": JSON(sanction.sourceID), "case_id": JSON(sanction.caseID), "reason": .string(sanction.reason),
        ]
        let action: String
        switch change.event {
        case .imposed:
            action = "sanction.create"
            payload.append("after", ["expires_at": JSON(sanction.expiresAt)])
            payload.append("replaces", JSON(change.replaces))
        case .ended:
            action = "sanction.end"
            payload.append("before", ["expires_at": JSON(sanction.expiresAt)])
            payload.append("after", ["end_reason": JSON(sanction.end?.rawValue), "note": JSON(sanction.endNote)])
        case .shortened:
            action = "sanction.update"
            payload.append("after", ["expires_at": JSON(sanction.expiresAt)])
        }
        try audit.record(
            action, target: ("user", sanction.user.uuid), payload: .object(payload),
            result: .success, scope: change.scope, in: transaction)
    }
}
