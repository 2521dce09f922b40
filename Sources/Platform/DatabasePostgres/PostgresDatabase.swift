public import Database
internal import Runtime

/// A PostgreSQL server: threads with a connection each, some that write at READ COMMITTED, some for each lane that read a snapshot.
///
/// A transaction that a deadlock or a serialisation failure ended is run again, up to five times, and so is one whose connection was lost before COMMIT. Where the
/// loss came during COMMIT the outcome is not known: the call throws `unavailable` and is not repeated.
public final class PostgresDatabase: Database {
    private let limits: DatabaseLimits
    private let writes: WorkQueue<PendingTransaction>
    private let reads: [ReadLane: WorkQueue<PendingTransaction>]
    private let threads = ThreadGroup()
    private let listeners = CommitListeners()
    private let aborted = AbortSignal()

    public var dialect: Dialect { .postgres }

    /// - Parameters:
    ///   - url: `postgres://user:password@host:port/database?sslmode=…`, as libpq reads it.
    ///   - checksServer: whether to look first if the server fits, and to throw `unsuitable` if not.
    public static func open(
        url: String, limits: DatabaseLimits = .postgres, checksServer: Bool = false
    ) async throws(DatabaseError) -> PostgresDatabase {
        let database = PostgresDatabase(limits)
        if checksServer { try await database.checkServer(url) }
        let failure: DatabaseError? = await withCheckedContinuation { opened in
            database.start(nil, url: url) { opened.resume(returning: $0) }
        }
        if let failure {
            await database.close()
            throw failure
        }
        for _ in 1..<max(limits.writes.connections, 1) { database.start(nil, url: url) }
        for lane in ReadLane.allCases { for _ in 0..<max(limits[lane].connections, 1) { database.start(lane, url: url) } }
        return database
    }

    private func checkServer(_ url: String) async throws(DatabaseError) {
        let failure: DatabaseError? = await withCheckedContinuation { done in
            threads.start(named: "pg-check") { [aborted] in
                do throws(DatabaseError) {
                    try ServerCheck.run(url: url, signal: aborted)
                    done.resume(returning: nil)
                } catch { done.resume(returning: error) }
            }
        }
        if let failure { throw failure }
    }

    private init(_ limits: DatabaseLimits) {
        self.limits = limits
        writes = WorkQueue(capacity: limits.writes.queue)
        reads = Dictionary(uniqueKeysWithValues: ReadLane.allCases.map { ($0, WorkQueue(capacity: limits[$0].queue)) })
    }

    deinit {
        for queue in reads.values { queue.close() }
        writes.close()
    }

    /// - Parameters:
    ///   - lane: nil for a connection that writes.
    ///   - opened: hears how the first connection went, without which there is no thread; others connect when there is work.
    private func start(_ lane: ReadLane?, url: String, opened: (@Sendable (DatabaseError?) -> Void)? = nil) {
        let (queue, listeners, aborted) = (lane.map(queue(of:)) ?? writes, listeners, aborted)
        let timeout = (lane.map { limits[$0] } ?? limits.writes).deadline
        threads.start(named: lane.map { "pg-\($0)" } ?? "pg-writer") {
            let worker = Worker(
                url: url, access: lane == nil ? .readWrite : .readOnly, limit: TimeLimit(aborted), statementTimeout: timeout
            ) { listeners.call() }
            if let opened {
                do throws(DatabaseError) {
                    try worker.connect()
                    opened(nil)
                } catch {
                    opened(error)
                    return
                }
            }
            worker.run(queue)
        }
    }

    private func queue(of lane: ReadLane) -> WorkQueue<PendingTransaction> {
        guard let queue = reads[lane] else { preconditionFailure("no queue of \(lane)") }
        return queue
    }

    public func read<Result: Sendable>(
        _ lane: ReadLane, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await queue(of: lane).perform(within: limits[lane].deadline, body)
    }

    public func write<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result {
        try await writes.perform(within: limits.writes.deadline, body)
    }

    public func onCommit(_ body: @escaping @Sendable () -> Void) { listeners.add(body) }

    public func close() async {
        for queue in reads.values { queue.close() }
        writes.close()
        await threads.join()
    }

    public func abort() { aborted.raise() }
}
