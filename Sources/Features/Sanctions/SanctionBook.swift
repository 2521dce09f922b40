package import Database
package import Kernel
internal import Synchronization
package import Web

/// The only way to ask for, impose and end sanctions.
///
/// Writers hold the lock of the person's row, so that two sanctions at once are imposed one after the other.
package final class SanctionBook: Sendable {
    /// Called in the transaction of each change.
    package typealias Listener = @Sendable (SanctionChange, Transaction) throws -> Void

    /// Asked about every text that others read, after `requireNotMuted`.
    package let filters: FilterBook
    /// Lockdowns of channels, and raid mode.
    package let measures = MeasureBook()
    private let listener = Mutex<Listener>({ _, _ in })

    package init() { filters = FilterBook(measures: measures) }

    /// Set once, before the first request.
    package func onChange(_ body: @escaping Listener) { listener.withLock { $0 = body } }

    /// The mute in force.
    package func mute(of user: UserID, at now: Timestamp, in transaction: Transaction) throws -> Sanction? {
        let open = try SanctionTable.open(.mute, of: user, transaction)
        return open.flatMap { $0.isInForce(at: now) ? $0 : nil }
    }

    /// Before everything that others read or hear.
    ///
    /// - Throws: 403 `muted` with the end of the mute.
    package func requireNotMuted(_ user: UserID, at now: Timestamp, in transaction: Transaction) throws {
        if let mute = try mute(of: user, at: now, in: transaction) { throw Self.muted(mute) }
    }

    /// The ban in force.
    package func ban(of user: UserID, at now: Timestamp, in transaction: Transaction) throws -> Sanction? {
        let open = try SanctionTable.open(.ban, of: user, transaction)
        return open.flatMap { $0.isInForce(at: now) ? $0 : nil }
    }

    /// Writes a sanction; an open one of the same kind and scope ends as replaced, or as expired when its time is over.
    package func impose(_ sanction: Sanction, scope: Scope, in transaction: Transaction) throws {
        var replaced: Sanction?
        if sanction.kind.lasts, let old = try SanctionTable.open(sanction.kind, of: sanction.user, in: sanction.conversation, transaction) {
            replaced = try end(
                old, old.isInForce(at: sanction.issuedAt) ? .replaced : .expired, by: sanction.issuedBy, at: sanction.issuedAt,
                scope: scope, in: transaction)
        }
        try SanctionTable.insert(sanction, in: transaction)
        try listener.withLock { $0 }(SanctionChange(sanction: sanction, event: .imposed, replaces: replaced?.id, scope: scope), transaction)
    }

    /// Ends a sanction; one that has ended does not change.
    ///
    /// - Returns: nil when it had ended before.
    @discardableResult
    package func end(
        _ sanction: Sanction, _ end: SanctionEnd, by actor: UserID?, note: String? = nil, at now: Timestamp, scope: Scope,
        in transaction: Transaction
    ) throws -> Sanction? {
        guard let ended = try SanctionTable.end(sanction.id, end, by: actor, note: note, at: now, in: transaction) else { return nil }
        try listener.withLock { $0 }(SanctionChange(sanction: ended, event: .ended, replaces: nil, scope: scope), transaction)
        return ended
    }

    /// Gives a mute or ban an earlier end.
    ///
    /// - Returns: nil when it has ended.
    @discardableResult
    package func shorten(_ sanction: Sanction, to end: Timestamp, scope: Scope, in transaction: Transaction) throws -> Sanction? {
        guard let changed = try SanctionTable.setEnd(sanction.id, end, in: transaction) else { return nil }
        try listener.withLock { $0 }(SanctionChange(sanction: changed, event: .shortened, replaces: nil, scope: scope), transaction)
        return changed
    }

    /// 403 `muted`
    package static func muted(_ mute: Sanction) -> Problem {
        let until = mute.expiresAt
        return Problem(
            403, "muted",
            LocalizedText(
                en: until.map { "The team muted you until \($0.inWords(.english))." } ?? "The team muted you.",
                fr: until.map { "L’équipe vous a rendu muet jusqu’au \($0.inWords(.french))." } ?? "L’équipe vous a rendu muet."),
            extensions: [("until", JSON(until)), ("reason", .string(mute.reason)), ("sanction_id", JSON(mute.id))])
    }
}

/// A change of a sanction.
package struct SanctionChange: Sendable {
    package enum Event: Sendable { case imposed, ended, shortened }

    package let sanction: Sanction
    package let event: Event
    /// The sanction that it replaced.
    package let replaces: SanctionID?
    package let scope: Scope
}

extension RouteShape.Refusal {
    /// Of a route whose effect others read or hear.
    package static let muted = RouteShape.Refusal.forbidden("muted")
}
