public import Database
internal import Runtime

/// A PostgreSQL server: threads with a connection each, some that write at READ COMMITTED, some that read a snapshot.
///
/// A transaction that a deadlock or a serialisation failure ended is run again, up to five times, and so is one whose connection was lost before COMMIT. Where the
/// loss came during COMMIT the outcome is not known: the call throws `unavailable` and is not repeated.
public final class PostgresDatabase: Database {
    private let writes: WorkQueue<PendingTransaction>
    private let reads: WorkQueue<PendingTransaction>
    private let threads = ThreadGroup()
    private let listeners = CommitListeners()

    public var dialect: Dialect { .postgres }

    /// - Parameters:
    ///   - url: `postgres://user:password@host:port/database?sslmode=…`, as libpq reads it.
    ///   - writers: how many connections write; `readers` are beside them.
    ///   - queueLimit: beyond so many waiting writes (and as many reads) a call throws `unavailable`.
    public static func open(
        url: String, writers: Int = 8, readers: Int = 4, queueLimit: Int = 2000
    ) async throws(DatabaseError) -> PostgresDatabase {
        let database = PostgresDatabase(queueLimit: queueLimit)
        let failure: DatabaseError? = await withCheckedContinuation { opened in
            database.start(.readWrite, url: url) { opened.resume(returning: $0) }
        }
        if let failure {
            await database.close()
            throw failure
        }
        for _ in 1..<max(writers, 1) { database.start(.readWrite, url: url) }
        for _ in 0..<max(readers, 1) { database.start(.readOnly, url: url) }
        return database
    }

    private init(queueLimit: Int) {
        writes = WorkQueue(capacity: queueLimit)
        reads = WorkQueue(capacity: queueLimit)
    }

    deinit {
        reads.close()
        writes.close()
    }

    /// - Parameter opened: hears how the first connection went, without which there is no thread; others connect when there is work.
    private func start(_ access: Worker.Access, url: String, opened: (@Sendable (DatabaseError?) -> Void)? = nil) {
        let (queue, listeners) = (access == .readWrite ? writes : reads, listeners)
        threads.start(named: access == .readWrite ? "postgres-writer" : "postgres-reader") {
            let worker = Worker(url: url, access: access) { listeners.call() }
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

    public func read<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result {
        try await reads.perform(body)
    }

    public func write<Result: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Result) async throws -> Result {
        try await writes.perform(body)
    }

    public func onCommit(_ body: @escaping @Sendable () -> Void) { listeners.add(body) }

    public func close() async {
        reads.close()
        writes.close()
        await threads.join()
    }
}
