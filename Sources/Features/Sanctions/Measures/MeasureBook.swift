package import Database
package import Kernel
internal import Synchronization

/// Asked before a message in a channel, and at every arrival; begins raid mode when a threshold is crossed.
package final class MeasureBook: Sendable {
    /// Called in the transaction that begins a raid by itself, to record and announce it.
    package typealias Listener = @Sendable (Measure, Transaction) throws -> Void
    package typealias NewID = @Sendable () -> MeasureID

    private struct State {
        var listener: Listener = { _, _ in }
        var newID: NewID?
    }

    private let state = Mutex(State())

    package init() {}

    /// Set once, before the first request.
    package func connect(newID: @escaping NewID, onRaid listener: @escaping Listener) {
        state.withLock { ($0.newID, $0.listener) = (newID, listener) }
    }

    /// - Parameter isTeam: whether the person moderates or manages the channel; they may always write.
    /// - Throws: 403 `locked_down` with the end.
    package func requireOpen(_ channel: ConversationID, isTeam: Bool, at now: Timestamp, in transaction: Transaction) throws {
        guard !isTeam else { return }
        let lock = try MeasureTable.inForce(at: now, in: transaction).first { $0.kind == .lockdown && $0.covers(channel) }
        guard let lock else { return }
        throw Problem(
            403, "locked_down",
            LocalizedText(
                en: "The team has locked this channel until \(lock.endsAt.inWords(.english)).",
                fr: "L’équipe a verrouillé ce salon jusqu’au \(lock.endsAt.inWords(.french))."), extensions: [("until", JSON(lock.endsAt))])
    }

    /// The raid in force.
    package func raid(at now: Timestamp, in transaction: Transaction) throws -> Measure? {
        try MeasureTable.inForce(at: now, in: transaction).first { $0.kind == .raid }
    }

    /// Who may join while a raid is in force.
    package func door(at now: Timestamp, in transaction: Transaction) throws -> RaidRule.Door {
        try raid(at: now, in: transaction) == nil ? .unchanged : MeasureTable.rule(in: transaction).door
    }

    /// Counts the new accounts; after one was made.
    package func noteArrival(at now: Timestamp, in transaction: Transaction) throws {
        let rule = try MeasureTable.rule(in: transaction)
        guard rule.isEnabled else { return }
        let first = Snowflake.first(at: now.adding(seconds: -rule.joinsWithin))
        let count =
            try transaction.row("SELECT COUNT(*) FROM (SELECT id FROM users WHERE id >= \(first) LIMIT \(rule.joins)) AS young")?.int64(0)
            ?? 0
        if count >= rule.joins { try begin(rule, at: now, in: transaction) }
    }

    /// Begins a raid, unless one is in force.
    ///
    /// - Returns: the raid in force.
    @discardableResult
    func begin(_ rule: RaidRule, at now: Timestamp, in transaction: Transaction) throws -> Measure? {
        let (newID, listener) = state.withLock { ($0.newID, $0.listener) }
        let current = try raid(at: now, in: transaction)
        guard current == nil, let newID else { return current }
        let measure = Measure(.raid, id: newID(), by: nil, at: now, seconds: rule.seconds)
        guard try MeasureTable.insert(measure, in: transaction) else { return try raid(at: now, in: transaction) }
        try listener(measure, transaction)
        return measure
    }
}
