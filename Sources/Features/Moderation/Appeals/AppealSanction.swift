internal import Audit
internal import Bus
internal import Database
internal import Friends
internal import Kernel
internal import Sanctions
internal import Web

/// `POST /sanctions/{id}/appeal`
extension ModerationFeature {
    /// By the sanctioned person, once: signed in, or, when banned, with the `appeal_token` of the refused sign-in.
    func appealSanction(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let given = input.string("text", length: 1...Appeal.textLength, required: true)
        let token = input.string("token", length: 1...100)
        try input.finish()
        let text = try input.required(given)
        let (scope, now, id) = (call.scope, clock.now(), SanctionID(uuid: call.parameter("id")))
        guard scope.userID != nil || token != nil else { throw Problem.unauthenticated }
        // An API key needs the right to change its owner's account.
        if scope.userID != nil { _ = try scope.requireOwn(.write) }
        return try await call.mutate(database) { [self] transaction in
            guard let id, let sanction = try SanctionTable.sanction(id, locked: true, in: transaction) else { throw Problem.notFound }
            let isTheirs = token.map { appealToken.isGood($0, for: id, of: sanction.user, at: now) } ?? (scope.userID == sanction.user)
            guard isTheirs else { throw Problem.notFound }
            guard let end = Appeal.deadline(of: sanction) else { throw ModerationProblems.sanctionEnded }
            guard now < end else { throw ModerationProblems.tooLateToAppeal }
            let appeal = Appeal(
                id: ids.next(), sanction: id, user: sanction.user, caseID: ids.next(), text: text, createdAt: now)
            guard try appeals.insert(appeal, in: transaction) else { throw ModerationProblems.alreadyAppealed }
            let queued = Case(
                appeal.caseID, .appeal, appeal.id.rawValue, about: sanction.user, severity: Self.severity(of: sanction.kind),
                category: sanction.kind.rawValue, at: now)
            guard try CaseTable.insert(queued, in: transaction) else { throw ModerationProblems.alreadyAppealed }
            var actor = scope
            if actor.userID == nil { actor.userID = sanction.user }
            try audit.record(
                "appeal.create", target: ("appeal", appeal.id.uuid),
                payload: ["sanction_id": JSON(id), "user_id": JSON(sanction.user)], result: .success, scope: actor, in: transaction)
            announceCase(queued, isNew: true, scope: scope, at: now, in: transaction)
            return .json(201, Self.ownView(appeal))
        }
    }

    private static func severity(of kind: SanctionKind) -> Int64 {
        switch kind {
        case .warn: 1
        case .mute, .kick: 2
        case .ban: 3
        }
    }

    /// As the sanctioned person sees it: without the person who decided.
    static func ownView(_ appeal: Appeal) -> JSON {
        [
            "id": JSON(appeal.id), "sanction_id": JSON(appeal.sanction), "text": .string(appeal.text),
            "state": .string(appeal.state.rawValue), "answer": JSON(appeal.answer), "created_at": JSON(appeal.createdAt),
            "decided_at": JSON(appeal.decidedAt),
        ]
    }

    /// As the team sees it.
    func appealView(ofCase found: Case, for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> JSON {
        guard let appeal = try appeals.appeal(ofCase: found.id, in: transaction) else { return .null }
        let sanction = try SanctionTable.sanction(appeal.sanction, in: transaction)
        let card = try appeal.decidedBy.map { try cards.cards(of: [$0], for: scope, at: now, in: transaction)[$0] ?? .null } ?? .null
        guard case .object(var view) = Self.ownView(appeal) else { return .null }
        view.append("user_id", JSON(appeal.user))
        view.append("decided_by", card)
        view.append(
            "sanction", try sanction.map { .object(try views([$0], for: scope, at: now, in: transaction)[0]) } ?? .null)
        // The evidence is kept when the message is deleted.
        let source = try sanction?.caseID.flatMap { try CaseTable.find(CaseID(rawValue: $0.rawValue), in: transaction) }
        view.append("evidence", .array(try source.map { try openEvidence(of: [$0], in: transaction) } ?? []))
        view.append("may_decide", .bool(try mayDecide(sanction, scope, in: transaction)))
        return .object(view)
    }
}

extension ModerationProblems {
    static let sanctionEnded = Problem.conflict(
        "sanction_ended",
        LocalizedText(en: "This sanction was taken back or replaced.", fr: "Cette sanction a été annulée ou remplacée."))

    static let alreadyAppealed = Problem.conflict(
        "already_appealed",
        LocalizedText(en: "You have appealed against this already.", fr: "Vous avez déjà déposé un recours contre cette sanction."))

    static let tooLateToAppeal = Problem.conflict(
        "too_late",
        LocalizedText(en: "A sanction can be appealed for 30 days.", fr: "Un recours est possible pendant 30 jours."))
}
