// Owns the tables of sanctions and of filters, and answers what somebody may write. Does not decide who may impose or set one: Accounts and
// Moderation do.
package import Database
package import Kernel

package enum SanctionEntity {}
package typealias SanctionID = ID<SanctionEntity>

/// The kinds of sanctions.
package enum SanctionKind: String, Sendable, CaseIterable {
    case warn
    /// Forbids everything that others read or hear.
    case mute
    /// Ends sessions and memberships; the person may come back.
    case kick
    case ban

    /// Whether it stays in force until its end; a person has one such sanction of a kind and scope at a time.
    package var lasts: Bool { self == .mute || self == .ban }
}

/// Who or what imposed a sanction.
package enum SanctionSource: String, Sendable, CaseIterable { case person, escalation, filter, raid, `import` }

/// Why a sanction ended.
package enum SanctionEnd: String, Sendable, CaseIterable { case lifted, expired, replaced, appealed }

/// One row of `sanctions`.
package struct Sanction: Sendable, Hashable {
    package let id: SanctionID
    package let user: UserID
    package let kind: SanctionKind
    /// Nil: the whole site.
    package var conversation: ConversationID?
    /// Shown to the sanctioned person.
    package var reason: String
    /// Shown to the team only.
    package var note: String?
    /// Links.
    package var evidence: [String] = []
    package var issuedBy: UserID?
    package var issuedAt: Timestamp
    package var startsAt: Timestamp
    /// Nil: permanent.
    package var expiresAt: Timestamp?
    package var endedAt: Timestamp?
    package var endedBy: UserID?
    package var end: SanctionEnd?
    package var endNote: String?
    package var source = SanctionSource.person
    /// The rule that imposed it.
    package var sourceID: RowID?
    package var caseID: RowID?
    package var acknowledgedAt: Timestamp?
    package var version: Int64 = 1

    package init(
        _ kind: SanctionKind, of user: UserID, id: SanctionID, reason: String, by issuer: UserID?, at now: Timestamp,
        until end: Timestamp? = nil
    ) {
        (self.id, self.user, self.kind, self.reason, issuedBy) = (id, user, kind, reason, issuer)
        (issuedAt, startsAt) = (now, now)
        // A kick takes effect once and is never in force afterwards.
        expiresAt = kind == .kick ? now : end
    }

    /// Compares with the clock of the request; does not depend on the service that ends expired rows.
    package func isInForce(at now: Timestamp) -> Bool {
        endedAt == nil && startsAt <= now && (expiresAt.map { now < $0 } ?? true)
    }

    package static let columns: SQL = """
        id, user_id, kind, scope_id, reason, note, evidence, issued_by, issued_at, starts_at, expires_at, ended_at, ended_by, end_reason, end_note,
        source, source_id, case_id, acknowledged_at, version
        """

    package init(_ row: Row) throws {
        (id, user) = (row.id(0), row.id(1))
        kind = try Self.value(row.text(2))
        let scope = row.int64(3)
        conversation = scope == 0 ? nil : ConversationID(rawValue: scope)
        (reason, note) = (row.text(4), row.optionalText(5))
        evidence = try JSONParser.parse(own: Array(row.text(6).utf8)).array?.compactMap(\.string) ?? []
        (issuedBy, issuedAt, startsAt, expiresAt) = (row.optionalID(7), row.time(8), row.time(9), row.optionalTime(10))
        (endedAt, endedBy, endNote) = (row.optionalTime(11), row.optionalID(12), row.optionalText(14))
        end = row.optionalText(13).flatMap { SanctionEnd(rawValue: $0) }
        source = try Self.value(row.text(15))
        (sourceID, caseID, acknowledgedAt, version) = (row.optionalID(16), row.optionalID(17), row.optionalTime(18), row.int64(19))
    }

    private static func value<Choice: RawRepresentable<String>>(_ text: String) throws -> Choice {
        guard let value = Choice(rawValue: text) else { throw DatabaseError.other(code: 0, message: "a sanction holds “\(text)”") }
        return value
    }
}
