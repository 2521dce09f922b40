public import Database
public import Kernel
public import Runtime

/// Forgets the answers to mutations that are older than anybody may ask for again.
public struct IdempotencySweeper: Sendable {
    private let database: any Database
    private let clock: WallClock
    private let log: Log

    public init(database: any Database, clock: WallClock = .system, log: Log) {
        (self.database, self.clock, self.log) = (database, clock, log)
    }

    /// Each hour until cancelled; what fails is tried again at the next.
    public func run() async throws {
        while !Task.isCancelled {
            do {
                try await sweep()
            } catch let error where !(error is CancellationError) {
                log.warning("old answers could not be removed", [("cause", .string("\(error)"))])
            }
            try await Task.sleep(for: .seconds(3600))
        }
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
