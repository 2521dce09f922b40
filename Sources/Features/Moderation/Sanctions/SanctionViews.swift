internal import Database
internal import Friends
internal import Kernel
internal import Sanctions
internal import Web

/// A sanction as the team sees it, and as its person does.
extension ModerationFeature {
    /// In the order of the sanctions.
    func views(_ sanctions: [Sanction], for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [JSONObject] {
        let people = Set(sanctions.flatMap { [$0.user, $0.issuedBy, $0.endedBy].compactMap { $0 } })
        let cards = try cards.cards(of: Array(people), for: scope, at: now, in: transaction)
        let appeals = try appeals.appeals(of: sanctions.map(\.id), in: transaction)
        func card(_ user: UserID?) -> JSON { user.flatMap { cards[$0] } ?? .null }
        return sanctions.map { sanction in
            var view = Self.common(sanction, at: now)
            view.append("user_id", JSON(sanction.user))
            view.append("user", card(sanction.user))
            view.append("note", JSON(sanction.note))
            view.append("issued_by", card(sanction.issuedBy))
            view.append("ended_by", card(sanction.endedBy))
            view.append("end_note", JSON(sanction.endNote))
            view.append("case_id", JSON(sanction.caseID))
            view.append("rule_id", JSON(sanction.sourceID))
            view.append(
                "appeal",
                appeals[sanction.id].map { appeal -> JSON in
                    [
                        "id": JSON(appeal.id), "state": .string(appeal.state.rawValue), "case_id": JSON(appeal.caseID),
                        "created_at": JSON(appeal.createdAt), "decided_at": JSON(appeal.decidedAt), "answer": JSON(appeal.answer),
                    ]
                } ?? .null)
            return view
        }
    }

    /// For the person themselves, in an event: who issued it is the team.
    func ownView(_ sanction: Sanction, at now: Timestamp) -> JSONObject {
        var view = Self.common(sanction, at: now)
        view.append("appeal_until", JSON(Appeal.deadline(of: sanction)))
        return view
    }

    /// The same with what they said against it, and what of theirs was hidden with it.
    func ownViews(_ sanctions: [Sanction], at now: Timestamp, in transaction: Transaction) throws -> [JSON] {
        let appeals = try appeals.appeals(of: sanctions.map(\.id), in: transaction)
        return try sanctions.map { sanction in
            var view = ownView(sanction, at: now)
            view.append("appeal", appeals[sanction.id].map(Self.ownView) ?? .null)
            view.append("content", try content(behind: sanction, in: transaction))
            return .object(view)
        }
    }

    /// What the person wrote, of which a case was made: the words alone, nothing of who reported them.
    private func content(behind sanction: Sanction, in transaction: Transaction) throws -> JSON {
        guard let id = sanction.caseID, let found = try CaseTable.find(CaseID(rawValue: id.rawValue), in: transaction),
            found.subject == sanction.user, found.target == .message
        else { return .null }
        return try openEvidence(of: [found], in: transaction).first?["content"]?["message"]?["content"] ?? .null
    }

    private static func common(_ sanction: Sanction, at now: Timestamp) -> JSONObject {
        [
            "id": JSON(sanction.id), "kind": .string(sanction.kind.rawValue),
            "scope": .string(sanction.conversation?.uuid ?? SanctionScope.site.rawValue), "reason": .string(sanction.reason),
            "evidence": .array(sanction.evidence.map { .string($0) }), "issued_at": JSON(sanction.issuedAt),
            "starts_at": JSON(sanction.startsAt), "expires_at": JSON(sanction.expiresAt), "ended_at": JSON(sanction.endedAt),
            "end_reason": JSON(sanction.end?.rawValue), "source": .string(sanction.source.rawValue),
            "active": .bool(sanction.isInForce(at: now)), "acknowledged_at": JSON(sanction.acknowledgedAt),
            "version": .integer(sanction.version),
        ]
    }
}

/// What the routes of sanctions take and answer.
enum SanctionShapes {
    private static let common = Shape.object([
        "id": .id, "kind": .choice(SanctionKind.self), "scope": Shape.text.described("`site`, or the id of a conversation."),
        "reason": .text, "evidence": .list(of: .text), "issued_at": .timestamp, "starts_at": .timestamp,
        "expires_at": Shape.timestamp.orNull.described("Null is for good."), "ended_at": .timestamp.orNull,
        "end_reason": Shape.choice(SanctionEnd.self).orNull, "source": .choice(SanctionSource.self),
        "active": Shape.bool.described("Whether it is in force at this moment."), "acknowledged_at": .timestamp.orNull,
        "version": .integer,
    ])

    private static let appeal = Shape.object([
        "id": .id, "state": .choice(Appeal.State.self), "case_id": .id, "created_at": .timestamp, "decided_at": .timestamp.orNull,
        "answer": .text.orNull,
    ])

    static let appealFields = Shape.object([
        "id": .id, "sanction_id": .id, "text": .text, "state": .choice(Appeal.State.self), "answer": .text.orNull,
        "created_at": .timestamp, "decided_at": .timestamp.orNull,
    ])

    static let ownAppeal = Shape.named("OwnAppeal", appealFields)

    static let sanction = Shape.named(
        "Sanction",
        common.with([
            "rule_id": Shape.id.orNull.described("The rule that imposed it."), "appeal": appeal.orNull,
            "user_id": .id, "user": UserCards.shape.orNull, "note": Shape.text.orNull.described("For the team alone."),
            "issued_by": UserCards.shape.orNull, "ended_by": UserCards.shape.orNull, "end_note": .text.orNull, "case_id": Shape.id.orNull,
        ]))

    static let own = Shape.named(
        "OwnSanction",
        common.with([
            "appeal_until": Shape.timestamp.orNull.described("Null for what cannot be appealed."), "appeal": ownAppeal.orNull,
            "content": Shape.text.orNull.described("What one wrote, of which it came."),
        ]))

    static let manageRefusals: [RouteShape.Refusal] = [
        .forbidden("not_yourself"), .forbidden("rank_too_low"), .init(404, "not_found"), .conflict("last_owner"),
        .init(412, "stale_version"),
    ]

    static let order = Shape.object([
        "reason": Shape.string(1...SanctionOrder.reasonLength).described("What the person is told."),
        "note": Shape.string(max: SanctionOrder.noteLength).optionalOrNull.described("For the team alone."),
        "duration_s": Shape.integer(SanctionOrder.seconds).optionalOrNull.described("For good where it is left out."),
        "evidence": Shape.list(of: .string(1...SanctionOrder.linkLength), 0...SanctionOrder.links).optionalOrNull.described("Links."),
    ])

    static let impose = RouteShape(
        "Warn, mute, kick or ban somebody strictly below oneself.",
        body: .json(
            order.with([
                "user_id": .userReference, "kind": .choice(SanctionKind.self), "scope": Shape.choice(SanctionScope.self).optionalOrNull,
            ])),
        answers: [
            .created(
                sanction.with(["escalation": sanction.orNull.described("What it brought by itself.")])
            ).tagged
        ], refusals: manageRefusals, guards: [.idempotencyKey])

    static let lift = RouteShape(
        "End a sanction; what has ended stays as it is.",
        body: .json(.object(["reason": .string(1...SanctionOrder.reasonLength)])), answers: [.ok(sanction).tagged],
        refusals: manageRefusals + [.conflict("kick_is_over")], guards: [.idempotencyKey, .ifMatch])

    static let list = RouteShape.list(
        "List sanctions, the newest first.", of: sanction,
        query: [
            "user": Shape.userReference.optional, "kind": Shape.choice(SanctionKind.self).optional,
            "active": Shape.bool.described("Those in force at this moment, or the others.").optional,
            "source": Shape.choice(SanctionSource.self).optional,
        ])

    static let read = RouteShape("Read a sanction.", answers: [.ok(sanction).tagged])

    static let listOwn = RouteShape.list("List one’s own sanctions, the newest first.", of: own, query: ["active": .bool.optional])

    static let acknowledge = RouteShape(
        "Say that one has read a sanction.", answers: [.ok(own)], guards: [.idempotencyKey])
}
