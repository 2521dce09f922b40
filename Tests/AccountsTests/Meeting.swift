import Database
import Synchronization

extension AccountsSite {
    /// Lets what would pass each other meet: each act begins once the one before waits for the rows that are held here, and when all of
    /// them wait they are let go. For PostgreSQL; SQLite has one writer.
    ///
    /// - Parameter rows: a statement that locks them.
    func meet(at rows: SQL, _ acts: [@Sendable () async throws -> Void]) async throws {
        let (counts, report) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [database] in
                defer { report.finish() }
                try await database.write { transaction in
                    _ = try transaction.rows(rows)
                    for _ in 0..<6000 {
                        let waiting = try transaction.row(Self.waiting)?.int(0) ?? 0
                        report.yield(waiting)
                        if waiting == acts.count { return }
                        _ = try transaction.row("SELECT 1 FROM (SELECT pg_sleep(0.005)) AS pause")
                    }
                    throw Unexpected("they do not meet")
                }
            }
            var begun = 0
            for await waiting in counts where waiting == begun && begun < acts.count {
                let act = acts[begun]
                group.addTask { try await act() }
                begun += 1
            }
            try await group.waitForAll()
        }
    }

    /// How many wait for this transaction, or for one that does.
    private static let waiting: SQL = """
        SELECT COUNT(DISTINCT pid) FROM pg_locks WHERE NOT granted AND (pg_backend_pid() = ANY(pg_blocking_pids(pid))
            OR EXISTS (SELECT 1 FROM unnest(pg_blocking_pids(pid)) AS other (pid) WHERE pg_backend_pid() = ANY(pg_blocking_pids(other.pid))))
        """
}

/// What several acts were answered.
final class Statuses: Sendable {
    private let list = Mutex<[Int]>([])

    func add(_ status: Int) { list.withLock { $0.append(status) } }

    var sorted: [Int] { list.withLock { $0.sorted() } }
}
