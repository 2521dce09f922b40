internal import Database
internal import Friends
internal import Kernel
internal import Sanctions
internal import Web

/// A sanction as the team sees it, and as the sanctioned person sees it.
extension ModerationFeature {
    /// In the order of the sanctions. A member of the team who was sanctioned sees of their own what every sanctioned person sees.
    func views(_ sanctions: [Sanction], for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [JSONObject] {
        let people = Set(sanctions.flatMap { [$0.user, $0.issuedBy, $0.endedBy].compactMap { $0 } })
        let cards = try cards.cards(of: Array(people), for: scope, at: now, in: transaction)
        let appeals = try appeals.appeals(of: sanctions.map(\.id), in: transaction)
        func card(_ user: UserID?) -> JSON { user.flatMap { cards[$0] } ?? .null }
        return sanctions.map { sanction in
            let isOwn = sanction.user == scope.userID
            var view = Self.common(sanction, at: now)
            view.append("user_id", JSON(sanction.user))
            view.append("user", card(sanction.user))
            view.append("evidence", .array(isOwn ? [] : sanction.evidence.map { .string($0) }))
            view.append("note", isOwn ? .null : JSON(sanction.note))
            view.append("issued_by", isOwn ? .null : card(sanction.issuedBy))
            view.append("ended_by", isOwn ? .null : card(sanction.endedBy))
            view.append("end_note", isOwn ? .null : JSON(sanction.endNote))
            view.append("case_id", isOwn ? .null : JSON(sanction.caseID))
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

    /// For the sanctioned person, in an event: without the person who issued it.
    func ownView(_ sanction: Sanction, at now: Timestamp) -> JSONObject {
        var view = Self.common(sanction, at: now)
        view.append("appeal_until", JSON(Appeal.deadline(of: sanction)))
        return view
    }

    /// The same with their appeal and the message of theirs that led to it.
    func ownViews(_ sanctions: [Sanction], at now: Timestamp, in transaction: Transaction) throws -> [JSON] {
        let appeals = try appeals.appeals(of: sanctions.map(\.id), in: transaction)
        let contents = try contents(behind: sanctions, in: transaction)
        return sanctions.map { sanction in
            var view = ownView(sanction, at: now)
            view.append("appeal", appeals[sanction.id].map(Self.ownView) ?? .null)
            view.append("content", contents[sanction.id] ?? .null)
            return .object(view)
        }
    }

    /// The text of the reported messages that led to sanctions of their authors; nothing about the reporters.
    private func contents(behind sanctions: [Sanction], in transaction: Transaction) throws -> [SanctionID: JSON] {
        let cases = try CaseTable.find(sanctions.compactMap { $0.caseID.map { CaseID(rawValue: $0.rawValue) } }, in: transaction)
        let messages = cases.values.filter { $0.target == .message }
        let evidence = try firstEvidence(of: messages, in: transaction)
        return sanctions.reduce(into: [:]) { contents, sanction in
            guard let id = sanction.caseID.map({ CaseID(rawValue: $0.rawValue) }), cases[id]?.subject == sanction.user else { return }
            contents[sanction.id] = evidence[id]?["message"]?["content"]
        }
    }

    private static func common(_ sanction: Sanction, at now: Timestamp) -> JSONObject {
        [
            "id": JSON(sanction.id), "kind": .string(sanction.kind.rawValue),
            "scope": .string(sanction.conversation?.uuid ?? SanctionScope.site.rawValue), "reason": .string(sanction.reason),
            "issued_at": JSON(sanction.issuedAt),
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
        "reason": .text, "issued_at": .timestamp, "starts_at": .timestamp,
        "expires_at": Shape.timestamp.orNull.described("Null: permanent."), "ended_at": .timestamp.orNull,
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
            "user_id": .id, "user": UserCards.shape.orNull, "evidence": Shape.list(of: .text).described("Links."),
            "note": Shape.text.orNull.described("Only for the team."),
            "issued_by": UserCards.shape.orNull, "ended_by": UserCards.shape.orNull, "end_note": .text.orNull, "case_id": Shape.id.orNull,
        ]))

    static let own = Shape.named(
        "OwnSanction",
        common.with([
            "appeal_until": Shape.timestamp.orNull.described("Null when it cannot be appealed."), "appeal": ownAppeal.orNull,
            "content": Shape.text.orNull.described("The reported message that led to it."),
        ]))

    static let manageRefusals: [RouteShape.Refusal] = [
        .forbidden("not_yourself"), .forbidden("rank_too_low"), .init(404, "not_found"), .conflict("last_owner"),
        .init(412, "stale_version"),
    ]

    static let order = Shape.object([
        "reason": Shape.string(1...SanctionLimits.reason).described("Shown to the sanctioned person."),
        "note": Shape.string(max: SanctionLimits.note).optionalOrNull.described("Only for the team."),
        "duration_s": Shape.integer(SanctionLimits.seconds).optionalOrNull.described("Permanent when left out."),
        "evidence": Shape.list(of: .string(1...SanctionLimits.link), 0...SanctionLimits.links).optionalOrNull.described("Links."),
    ])

    static let impose = RouteShape(
        "Warn, mute, kick or ban somebody strictly below oneself.",
        body: .json(
            order.with([
                "user_id": .userReference, "kind": .choice(SanctionKind.self), "scope": Shape.choice(SanctionScope.self).optionalOrNull,
            ])),
        answers: [
            .created(
                sanction.with(["escalation": sanction.orNull.described("The sanction that an escalation rule added.")])
            ).tagged
        ], refusals: manageRefusals, guards: [.idempotencyKey])

    static let lift = RouteShape(
        "End a sanction; one that has ended does not change.",
        body: .json(.object(["reason": .string(1...SanctionLimits.reason)])), answers: [.ok(sanction).tagged],
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
        "Acknowledge one’s own sanction.", answers: [.ok(own)], guards: [.idempotencyKey])
}
