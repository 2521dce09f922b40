internal import Conversations
internal import Database
internal import Kernel
internal import Sanctions

/// The acts of a decision.
enum CaseActKind: String, Sendable, CaseIterable {
    case hide, warn, mute, kick, ban, dismiss

    var sanction: SanctionKind? { SanctionKind(rawValue: rawValue) }
}

/// One act of a decision, as a request describes it.
enum CaseAct: Sendable {
    case hide
    case sanction(SanctionOrder)
    case dismiss

    static let most = 10
}

/// A decision, as a request describes it.
struct CaseDecision: Sendable {
    let acts: [CaseAct]
    /// The reason of the sanctions that have none of their own.
    let reason: String?

    init(_ input: inout Input) throws(Problem) {
        reason = input.string("reason", length: 1...SanctionLimits.reason)
        var acts: [CaseAct] = []
        let given = input.raw("acts")?.array
        if given == nil || !(1...CaseAct.most).contains(given?.count ?? 0) {
            input.fail(
                "acts", "count", LocalizedText(en: "Between 1 and \(CaseAct.most) acts.", fr: "Entre 1 et \(CaseAct.most) actes."))
        }
        for (index, act) in (given ?? []).prefix(CaseAct.most).enumerated() {
            do {
                acts.append(try Self.act(act, index, reason))
            } catch {
                input.take(error.faults)
            }
        }
        let kinds = acts.filter { if case .dismiss = $0 { true } else { false } }
        if !kinds.isEmpty, acts.count > 1 {
            input.fail(
                "acts", "dismiss_alone",
                LocalizedText(en: "Dismissing excludes other acts.", fr: "Classer sans suite exclut tout autre acte."))
        }
        self.acts = acts
    }

    private static func act(_ json: JSON, _ index: Int, _ reason: String?) throws(Problem) -> CaseAct {
        var input = try Input(json, at: "/acts/\(index)")
        let kind = input.choice("kind", CaseActKind.self, required: true)
        guard let sanction = kind?.sanction else {
            try input.finish()
            return kind == .hide ? .hide : .dismiss
        }
        let order = SanctionOrder(&input, kind: sanction, reason: reason)
        try input.finish()
        return .sanction(order)
    }

    var isDismissal: Bool { if case .dismiss? = acts.first { true } else { false } }
}

/// The table `case_acts`: the effects of a decision, kept so that they can be undone.
enum CaseActs {
    struct Done: Sendable {
        let id: RowID
        let kind: CaseActKind
        /// `done`, or `gone` when the message or person no longer existed.
        let outcome: String
        let sanction: SanctionID?
        let message: MessageID?
        let undoneAt: Timestamp?

        var json: JSON {
            [
                "kind": .string(kind.rawValue), "outcome": .string(outcome), "sanction_id": JSON(sanction), "message_id": JSON(message),
                "undone_at": JSON(undoneAt),
            ]
        }
    }

    static func insert(_ done: Done, of caseID: CaseID, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO case_acts (id, case_id, kind, outcome, sanction_id, message_id, at)
            VALUES (\(done.id), \(caseID), \(done.kind.rawValue), \(done.outcome), \(done.sanction), \(done.message), \(now))
            """)
    }

    static func acts(of caseID: CaseID, in transaction: Transaction) throws -> [Done] {
        try transaction.rows(
            "SELECT id, kind, outcome, sanction_id, message_id, undone_at FROM case_acts WHERE case_id = \(caseID) ORDER BY id LIMIT 50"
        ).compactMap { row in
            guard let kind = CaseActKind(rawValue: row.text(1)) else { return nil }
            return Done(
                id: row.id(0), kind: kind, outcome: row.text(2), sanction: row.optionalID(3), message: row.optionalID(4),
                undoneAt: row.optionalTime(5))
        }
    }

    static func undone(_ id: RowID, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute("UPDATE case_acts SET undone_at = \(now) WHERE id = \(id)")
    }
}
