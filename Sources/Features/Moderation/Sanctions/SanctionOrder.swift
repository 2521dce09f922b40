internal import Kernel
internal import Sanctions

/// A sanction as a request describes it.
struct SanctionOrder: Sendable {
    let kind: SanctionKind
    let reason: String
    let note: String?
    /// Nil: permanent.
    let seconds: Int64?
    let evidence: [String]

    /// Reads the members of a sanction from an object that may hold others.
    ///
    /// - Parameter reason: used when the object has none.
    init(_ input: inout Input, kind: SanctionKind, reason fallback: String? = nil) {
        self.kind = kind
        reason = input.string("reason", length: 1...SanctionLimits.reason, required: fallback == nil) ?? fallback ?? ""
        note = input.string("note", length: 0...SanctionLimits.note).flatMap { $0.isEmpty ? nil : $0 }
        seconds = input.integer("duration_s", SanctionLimits.seconds)
        evidence = input.sanctionEvidence()
        if kind == .kick, seconds != nil {
            input.fail("duration_s", "not_for_kind", LocalizedText(en: "A kick does not last.", fr: "Une expulsion ne dure pas."))
        }
    }

    func sanction(of user: UserID, id: SanctionID, by issuer: UserID?, at now: Timestamp) -> Sanction {
        var sanction = Sanction(
            kind, of: user, id: id, reason: reason, by: issuer, at: now, until: seconds.map { now.adding(seconds: $0) })
        (sanction.note, sanction.evidence) = (note, evidence)
        return sanction
    }
}
