internal import Accounts
internal import Conversations
internal import Database
internal import Directory
internal import Kernel
internal import Notifications
internal import Sanctions
internal import Web

/// `POST /cases/{id}/decide` and `POST /cases/decide`; all acts of one decision are one transaction.
extension ModerationFeature {
    func decideCase(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let decision = try CaseDecision(&input)
        try input.finish()
        let (scope, now, reference) = (call.scope, clock.now(), call.parameter("id"))
        return try await call.mutate(database) { [self] transaction in
            let found = try decide(call, reference, decision, at: now, in: transaction)
            return try detail(of: found, for: scope, at: now, in: transaction)
        }
    }

    /// Cases of one request at most.
    static let many = 100

    /// The same decision on several cases, each in its own transaction and with its own outcome.
    func decideMany(_ call: Call) async throws -> Reply {
        var input = try Input(try call.body())
        let references = input.strings("cases", count: 1...Self.many, required: true)
        let decision = try CaseDecision(&input)
        try input.finish()
        let (scope, now) = (call.scope, clock.now())
        var items: [JSON] = []
        for reference in try input.required(references) {
            do {
                _ = try await database.write { [self] in try decide(call, reference, decision, at: now, in: $0) }
                items.append(["id": .string(reference), "status": 200, "code": nil, "detail": nil])
            } catch let problem as Problem {
                items.append([
                    "id": .string(reference), "status": JSON(problem.status), "code": .string(problem.code),
                    "detail": .string(problem.detail(scope.language)),
                ])
            }
        }
        return .json(200, ["items": .array(items)])
    }

    private func decide(_ call: Call, _ reference: String, _ decision: CaseDecision, at now: Timestamp, in transaction: Transaction) throws
        -> Case
    {
        let scope = call.scope
        var found = try caseToChange(call, reference, at: now, in: transaction)
        guard found.target != .appeal else { throw ModerationProblems.anAppeal }
        var done: [CaseActs.Done] = []
        for act in decision.acts { done.append(try perform(act, on: found, scope: scope, at: now, in: transaction)) }
        if decision.isDismissal { try restore(contentOf: found.id, scope: scope, at: now, in: transaction) }
        for act in done { try CaseActs.insert(act, of: found.id, at: now, in: transaction) }
        try close(&found, decision.isDismissal ? .dismissed : .acted, reason: decision.reason, scope: scope, at: now, in: transaction)
        try record(
            "case.decide", found, ["acts": .array(done.map(\.json)), "reason": JSON(decision.reason)], scope: scope, in: transaction)
        return found
    }

    /// Closes a case with those merged into it, and notifies the reporters, without saying what was done.
    func close(
        _ found: inout Case, _ outcome: Case.Outcome, reason: String?, scope: Scope, at now: Timestamp, in transaction: Transaction
    ) throws {
        (found.state, found.outcome, found.reason) = (.decided, outcome, reason)
        (found.decidedAt, found.decidedBy) = (now, scope.userID)
        try CaseTable.update(&found, in: transaction)
        let merged = try CaseTable.merged(into: found.id, in: transaction)
        try transaction.execute("UPDATE cases SET outcome = \(outcome.rawValue) WHERE merged_into = \(found.id)")
        announceCase(found, isNew: false, scope: scope, at: now, in: transaction)
        guard tellsPeople() else { return }
        for reporter in try ReportTable.reporters(of: [found.id] + merged.map(\.id), in: transaction) {
            try centre.notify(
                NotificationDraft(
                    to: reporter, kind: "report.decided", groupKey: "report.decided:\(found.id)", url: Self.reportsPage,
                    requestID: scope.requestID), in: transaction)
        }
    }

    private func perform(_ act: CaseAct, on found: Case, scope: Scope, at now: Timestamp, in transaction: Transaction) throws
        -> CaseActs.Done
    {
        switch act {
        case .dismiss: return done(.dismiss)
        case .hide:
            guard found.target == .message else { throw ModerationProblems.nothingToHide }
            try scope.require(.chatModerate)
            let message = MessageID(rawValue: found.targetID)
            // A filter hid it already.
            if try conversations.state(of: message, in: transaction)?.isHidden == true { return done(.hide, message: message) }
            let isHidden = try conversations.hide(message, by: scope.userID, scope: scope, at: now, in: transaction)
            return done(.hide, isGone: !isHidden, message: message)
        case .sanction(let order):
            guard let subject = found.subject, let kind = CaseActKind(rawValue: order.kind.rawValue) else {
                throw ModerationProblems.aboutNobody
            }
            try scope.require(order.kind.permission)
            guard try !directory.members([subject], in: transaction).isEmpty else { return done(kind, isGone: true) }
            let member = try accounts.sanctionable(subject.uuid, requiring: order.kind.permission, scope: scope, in: transaction)
            var sanction = order.sanction(of: subject, id: ids.next(), by: scope.userID, at: now)
            sanction.caseID = RowID(rawValue: found.id.rawValue)
            try impose(sanction, on: member, scope: scope, in: transaction)
            return done(kind, sanction: sanction.id)
        }
    }

    private func done(_ kind: CaseActKind, isGone: Bool = false, sanction: SanctionID? = nil, message: MessageID? = nil) -> CaseActs.Done {
        CaseActs.Done(
            id: ids.next(), kind: kind, outcome: isGone ? "gone" : "done", sanction: sanction, message: message, undoneAt: nil)
    }

    /// Restores the messages that a decision hid, unless they were restored, deleted or erased since.
    func restore(contentOf caseID: CaseID, scope: Scope, at now: Timestamp, in transaction: Transaction) throws {
        for act in try CaseActs.acts(of: caseID, in: transaction) where act.kind == .hide && act.outcome == "done" && act.undoneAt == nil {
            guard let message = act.message else { continue }
            if try conversations.unhide(message, scope: scope, at: now, in: transaction) {
                try CaseActs.undone(act.id, at: now, in: transaction)
            }
        }
    }
}

extension ModerationProblems {
    static let nothingToHide = Problem.conflict(
        "nothing_to_hide", LocalizedText(en: "Only a message can be hidden.", fr: "Seul un message peut être masqué."))

    static let aboutNobody = Problem.conflict(
        "about_nobody",
        LocalizedText(
            en: "This case concerns no person: there is nobody to sanction.",
            fr: "Ce dossier ne concerne personne : il n’y a personne à sanctionner."))
}
