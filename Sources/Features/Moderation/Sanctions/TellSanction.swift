internal import Audit
internal import Bus
internal import Database
internal import Kernel
internal import Notifications
internal import Sanctions

/// What follows from a sanction, in its transaction: the entry, the events, the notice to its person.
extension ModerationFeature {
    /// The team's topic: what changed, never what was said.
    static let topic = "moderation"
    /// Where the person reads of their sanctions.
    static let ownPage = "/settings/sanctions"

    func tell(_ change: SanctionChange, in transaction: Transaction) throws {
        let (sanction, scope) = (change.sanction, change.scope)
        let now = clock.now()
        if sanction.kind != .ban { try record(change, in: transaction) }
        let view = ownView(sanction, at: now)
        transaction.atCommit(
            OutboxEvent(
                change.isNew ? "sanction.created" : "sanction.ended", to: [.users([sanction.user])], members: ["sanction": .object(view)],
                requestID: scope.requestID, at: now
            ).sealed(by: eventCipher))
        tellTeam(
            change.isNew ? "sanction.created" : "sanction.ended",
            [
                "sanction_id": JSON(sanction.id), "user_id": JSON(sanction.user), "kind": .string(sanction.kind.rawValue),
                "active": .bool(sanction.isInForce(at: now)),
            ], scope: scope, at: now, in: transaction)
        guard tellsPeople(), let kind = Self.notice(of: change) else { return }
        try centre.notify(
            NotificationDraft(
                to: sanction.user, kind: kind, groupKey: "sanction:\(sanction.id)", url: Self.ownPage,
                arguments: [
                    "text": change.isNew ? .string(sanction.reason) : .null, "kind": .string(sanction.kind.rawValue),
                    "until": JSON(sanction.expiresAt), "end": JSON(sanction.end?.rawValue),
                ], requestID: scope.requestID), in: transaction)
    }

    func tellTeam(_ type: String, _ members: JSONObject, scope: Scope, at now: Timestamp, in transaction: Transaction) {
        transaction.atCommit(
            OutboxEvent(type, topics: [Self.topic], members: members, requestID: scope.requestID, at: now))
    }

    /// Of bans the centre tells by itself.
    private static func notice(of change: SanctionChange) -> String? {
        guard change.isNew else {
            return change.sanction.end == .replaced ? nil : "sanction.ended"
        }
        return change.sanction.kind == .ban ? nil : "sanction.\(change.sanction.kind.rawValue)"
    }

    private func record(_ change: SanctionChange, in transaction: Transaction) throws {
        let sanction = change.sanction
        var payload: JSONObject = [
            "sanction_id": JSON(sanction.id), "kind": .string(sanction.kind.rawValue), "source": .string(sanction.source.rawValue),
            "source_id": JSON(sanction.sourceID), "case_id": JSON(sanction.caseID), "reason": .string(sanction.reason),
        ]
        if change.isNew {
            payload.append("after", ["expires_at": JSON(sanction.expiresAt)])
            payload.append("replaces", JSON(change.replaces))
        } else {
            payload.append("before", ["expires_at": JSON(sanction.expiresAt)])
            payload.append("after", ["end_reason": JSON(sanction.end?.rawValue), "note": JSON(sanction.endNote)])
        }
        try audit.record(
            change.isNew ? "sanction.create" : "sanction.end", target: ("user", sanction.user.uuid), payload: .object(payload),
            result: .success, scope: change.scope, in: transaction)
    }
}
