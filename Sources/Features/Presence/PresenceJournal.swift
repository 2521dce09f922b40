internal import Database
internal import Kernel
internal import Runtime
internal import Synchronization

/// Stores what presence leaves behind, in batches beside the live path: when people were last seen, their versions, and the history.
final class PresenceJournal: Sendable {
    private struct Pending {
        var seen: [UserID: (at: Timestamp?, version: Int64)] = [:]
        var history: [PresenceHistoryEntry] = []
    }

    /// Beyond this the oldest history is dropped: a database that is away for long must not take the memory.
    private static let limit = 100_000
    private let database: any Database
    private let ids: IDGenerator
    private let clock: WallClock
    private let log: Log
    private let retention: Int64
    private let pending = Mutex(Pending())

    init(database: any Database, ids: IDGenerator, clock: WallClock, log: Log, retention: Int64) {
        (self.database, self.ids, self.clock, self.log, self.retention) = (database, ids, clock, log, retention)
    }

    func add(_ batch: PresenceBatch) {
        pending.withLock { pending in
            for change in batch.changes { pending.seen[change.user] = (change.after.lastSeenAt, change.after.version) }
            pending.history += batch.history
            if pending.history.count > Self.limit { pending.history.removeFirst(pending.history.count - Self.limit) }
        }
    }

    /// What time alone moves.
    func add(_ seen: [(user: UserID, view: PresenceView)]) {
        pending.withLock { pending in
            for (user, view) in seen { pending.seen[user] = (view.lastSeenAt, view.version) }
        }
    }

    func run() async throws {
        var round = 0
        do {
            while true {
                try await Task.sleep(for: .seconds(2))
                await flush()
                if round.isMultiple(of: 1800) { await sweep() }
                round += 1
            }
        } catch {
            // Cancelled: what is in memory is written by a task that is not.
            await Task { await self.flush() }.value
            throw error
        }
    }

    /// Writes all that waits; on an error it waits on.
    func flush() async {
        var work = pending.withLock { pending in
            defer { pending = Pending() }
            return pending
        }
        do {
            while !work.seen.isEmpty {
                let part = work.seen.prefix(500).map { (user: $0.key, at: $0.value.at, version: $0.value.version) }
                try await database.write { transaction in
                    for (user, at, version) in part { try Self.store(user, at, version, in: transaction) }
                }
                for (user, _, _) in part { work.seen[user] = nil }
            }
            while !work.history.isEmpty {
                let rows = work.history.prefix(500).map { (id: ids.next(AnyEntity.self), entry: $0) }
                try await database.write { transaction in
                    for (id, entry) in rows { try Self.store(id, entry, in: transaction) }
                }
                work.history.removeFirst(rows.count)
            }
        } catch {
            log.warning("presence could not be stored", [("cause", .string("\(error)"))])
            pending.withLock { pending in
                pending.seen.merge(work.seen) { newer, _ in newer }
                if pending.history.count < Self.limit { pending.history = work.history + pending.history }
            }
        }
    }

    private static func store(_ user: UserID, _ at: Timestamp?, _ version: Int64, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE users SET last_seen_at = \(at), presence_version = CASE WHEN presence_version < \(version) THEN \(version) ELSE presence_version END
            WHERE id = \(user)
            """)
    }

    private static func store(_ id: RowID, _ entry: PresenceHistoryEntry, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO presence_history (id, user_id, from_status, to_status, cause, at)
            VALUES (\(id), \(entry.user), \(entry.from.rawValue), \(entry.to.rawValue), \(entry.cause.rawValue), \(entry.at))
            """)
    }

    private func sweep() async {
        do {
            let limit = clock.now().adding(milliseconds: -retention)
            var count = 0
            repeat {
                count = try await database.write { transaction in
                    try transaction.execute(
                        "DELETE FROM presence_history WHERE id IN (SELECT id FROM presence_history WHERE at < \(limit) ORDER BY at LIMIT 1000)"
                    )
                }
            } while count == 1000
        } catch {
            log.warning("old presence history could not be removed", [("cause", .string("\(error)"))])
        }
    }
}
