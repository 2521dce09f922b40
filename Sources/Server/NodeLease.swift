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
    static func take(in database: any Database, clock: WallClock) async throws -> NodeLease {
        let holder = String(UInt64.random(in: .min ... .max), radix: 36)
        let now = clock.now()
        return try await database.write { transaction in
            let mayTakeOver = transaction.dialect == .sqlite
            for node in 0...Snowflake.maximumNode {
                let taken = try transaction.execute(
                    """
                    INSERT INTO nodes (id, holder, lease_until, clock_high) VALUES (\(node), \(holder), \(now.adding(milliseconds: duration)), 0)
                    ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until
                    WHERE nodes.lease_until < \(now.adding(milliseconds: -caution)) OR \(mayTakeOver)
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

    /// Renews until cancelled; returns when the lease was lost to another process.
    func keep(in database: any Database, ids: IDGenerator, clock: WallClock, log: Log) async throws {
        while !Task.isCancelled {
            try await Task.sleep(for: .seconds(Self.renewal))
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
            } catch let error as DatabaseError {
                log.warning("the node lease could not be renewed", [("cause", .string("\(error)"))])
            }
        }
    }
}
