internal import Database
internal import Kernel
internal import Runtime

/// This process's node number, leased in the database so that no two processes ever take the same ids.
///
/// The lease is renewed every `renewal`; a holder that finds its row taken stops the program (it is fenced: `holder` is random for
/// each process). The row also keeps the id clock's high-water mark, so that a clock set back over a restart repeats no id.
struct NodeLease: Sendable {
    static let duration: Int64 = 30_000
    static let renewal = 5
    /// Milliseconds for which the number of a node that does not renew is left alone: it may be cut off from the database only, and go on with its
    /// ids as soon as it is not.
    static let caution: Int64 = 600_000

    let node: Int
    let holder: String
    let highWater: Timestamp

    /// Takes the lowest free number; on SQLite, where the data folder's lock keeps others out, always the first.
    ///
    /// What several nodes would have to share (who is online) is in the memory of one, so a second process is refused while another one's lease runs.
    /// - Parameters:
    ///   - place: the identity of the data folder, whose lock this process holds: a lease that was taken from there is its predecessor's, who is gone.
    ///   - mayBeOneOfSeveral: for tests that share a broker and a presence store.
    /// - Throws: `StartFailure` when another process serves the database.
    static func take(
        in database: any Database, place: String, mayBeOneOfSeveral: Bool = false, clock: WallClock
    ) async throws -> NodeLease {
        let holder = "\(place).\(String(UInt64.random(in: .min ... .max), radix: 36))"
        let now = clock.now()
        return try await database.write { transaction in
            if transaction.dialect == .postgres {
                // Until COMMIT, so that of two that start at once the second sees the first.
                try transaction.execute("SELECT pg_advisory_xact_lock(7032214589313552)")
                if !mayBeOneOfSeveral { try refuseAnother(place, now, transaction) }
            }
            let mayTakeOver = transaction.dialect == .sqlite
            for node in 0...Snowflake.maximumNode {
                let taken = try transaction.execute(
                    """
                    INSERT INTO nodes (id, holder, lease_until, clock_high) VALUES (\(node), \(holder), \(now.adding(milliseconds: duration)), 0)
                    ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until
                    WHERE nodes.lease_until < \(now.adding(milliseconds: -caution)) OR \(mayTakeOver) OR nodes.holder LIKE \(place + ".%")
                    """)
                guard taken == 1, let row = try transaction.row("SELECT clock_high FROM nodes WHERE id = \(node)") else { continue }
                // A clock that was set back has an unknown part of the last renewal's period behind it: leave a whole lease free.
                let used = row.time(0)
                let high = now < used ? used.adding(milliseconds: Self.duration) : used
                // At once, and up to this moment: who crashes before the first renewal has given away ids too.
                try transaction.execute("UPDATE nodes SET clock_high = \(max(high, now)) WHERE id = \(node)")
                return NodeLease(node: node, holder: holder, highWater: high)
            }
            throw Problem.unavailable(retryAfter: 30, cause: "all node numbers are leased")
        }
    }

    private static func refuseAnother(_ place: String, _ now: Timestamp, _ transaction: Transaction) throws {
        let other = try transaction.row(
            "SELECT id, lease_until FROM nodes WHERE lease_until > \(now) AND holder NOT LIKE \(place + ".%") ORDER BY lease_until DESC LIMIT 1"
        )
        guard let other else { return }
        let seconds = (other.time(1).milliseconds - now.milliseconds + 999) / 1000
        throw StartFailure(
            "Another foyer process serves this database (node \(other.int(0))). Foyer runs as one process: stop the other one first. If it was killed on another machine or with another data folder, try again in \(seconds) s."
        )
    }

    /// Lets the next process start at once; the number stays ours for `caution`, unless it comes from the same place.
    func release(in database: any Database, ids: IDGenerator) async throws {
        let high = ids.highWater
        _ = try await database.write { transaction in
            try transaction.execute(
                "UPDATE nodes SET lease_until = 0, clock_high = \(high) WHERE id = \(node) AND holder = \(holder)")
        }
    }

    /// Renews until cancelled, after a failure each second; returns when the lease was lost to another process.
    /// - Parameter report: hears of each renewal; nil for one that was committed.
    func keep(
        in database: any Database, ids: IDGenerator, clock: WallClock, log: Log, report: @Sendable ((any Error)?) -> Void = { _ in }
    ) async throws {
        var pause = Self.renewal
        while !Task.isCancelled {
            try await Task.sleep(for: .seconds(pause))
            let (until, high) = (clock.now().adding(milliseconds: Self.duration), ids.highWater)
            do {
                let kept = try await database.write { transaction in
                    try transaction.execute(
                        "UPDATE nodes SET lease_until = \(until), clock_high = \(high) WHERE id = \(node) AND holder = \(holder)")
                }
                guard kept == 1 else {
                    log.error("this node's number was taken by another process: stopping", [("node", .integer(Int64(node)))])
                    return
                }
                pause = Self.renewal
                report(nil)
            } catch let error as DatabaseError {
                pause = 1
                report(error)
                log.warning("the node lease could not be renewed", [("cause", .string("\(error)"))])
            }
        }
    }
}
