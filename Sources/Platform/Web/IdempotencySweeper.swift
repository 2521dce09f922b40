public import Database
public import Kernel

/// Forgets the answers to mutations that are older than anybody may ask for again.
public struct IdempotencySweeper: Sendable {
    private let database: any Database
    private let clock: WallClock

    public init(database: any Database, clock: WallClock = .system) {
        (self.database, self.clock) = (database, clock)
    }

    /// In steps that do not hold up the writer.
    public func sweep() async throws {
        let limit = clock.now().adding(seconds: -Idempotency.retention)
        var count = 0
        repeat {
            count = try await database.write { transaction in
                try transaction.execute(
                    """
                    DELETE FROM idempotency_keys WHERE (principal, route, key) IN
                        (SELECT principal, route, key FROM idempotency_keys WHERE created_at <= \(limit) ORDER BY created_at LIMIT 1000)
                    """)
            }
        } while count == 1000
    }
}
