internal import Kernel
internal import Sanctions

/// What somebody asks to be imposed.
struct SanctionOrder: Sendable {
    let kind: SanctionKind
    let reason: String
    let note: String?
    /// Nil is for good.
    let seconds: Int64?
    let evidence: [String]

    /// How long a sanction for a time may last, in seconds.
    static let seconds: ClosedRange<Int64> = 1...3_153_600_000
    static let (reasonLength, noteLength, linkLength, links) = (500, 2000, 500, 20)

    /// Reads the members of a sanction from an object that may hold others.
    ///
    /// - Parameter reason: where the object need not say one.
    init(_ input: inout Input, kind: SanctionKind, reason fallback: String? = nil) {
        self.kind = kind
        reason = input.string("reason", length: 1...Self.reasonLength, required: fallback == nil) ?? fallback ?? ""
        note = input.string("note", length: 0...Self.noteLength).flatMap { $0.isEmpty ? nil : $0 }
        seconds = input.integer("duration_s", Self.seconds)
        evidence = input.strings("evidence", count: 0...Self.links, length: 1...Self.linkLength) ?? []
        if kind == .kick, seconds != nil {
            input.fail("duration_s", "not_for_kind", LocalizedText(en: "A kick does not last.", fr: "Une expulsion ne dure pas."))
        }
        for (index, link) in evidence.enumerated() where !link.hasPrefix("https://") && !link.hasPrefix("http://") {
            input.fail(
                "evidence", at: index, "invalid",
                LocalizedText(en: "Link \(index + 1) is no web address.", fr: "Le lien \(index + 1) n’est pas une adresse web."))
        }
    }

    func sanction(of user: UserID, id: SanctionID, by issuer: UserID?, at now: Timestamp) -> Sanction {
        var sanction = Sanction(
            kind, of: user, id: id, reason: reason, by: issuer, at: now, until: seconds.map { now.adding(seconds: $0) })
        (sanction.note, sanction.evidence) = (note, evidence)
        return sanction
    }
}
