public import Database
internal import Glibc
internal import Runtime
internal import Synchronization

/// An SQLite file: one thread writes, some read for each lane, each on a connection of its own.
///
/// WAL with `synchronous=FULL`: what `write` returned survives a power cut.
public final class SQLiteDatabase: Database {
    private let limits: DatabaseLimits
    private let writes: WorkQueue<PendingTransaction>
    private let reads: [ReadLane: WorkQueue<PendingTransaction>]
    private let writer = ThreadGroup()
    private let readers = ThreadGroup()
    private let listeners = CommitListeners()
    private let aborted = AbortSignal()

    public var dialect: Dialect { .sqlite }

    /// Opens the file, or makes it, readable by its owner only.
    public static func open(path: String, limits: DatabaseLimits = .sqlite) async throws(DatabaseError) -> SQLiteDatabase {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .other(code: Int(errno), message: "\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        Glibc.close(descriptor)
        let database = SQLiteDatabase(limits)
        // The log must exist before a read-only connection can open it.
        try await database.start(lane: nil, path: path)
        for lane in ReadLane.allCases {
            for _ in 0..<max(1, limits[lane].connections) { try await database.start(lane: lane, path: path) }
        }
        return database
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

    /// Starts a thread, which makes its connection; returns when that is open.
    /// - Parameter lane: nil for the writer.
    private func start(lane: ReadLane?, path: String) async throws(DatabaseError) {
        let (queue, listeners, aborted) = (lane.map(queue(of:)) ?? writes, listeners, aborted)
        let failure: DatabaseError? = await withCheckedContinuation { opened in
            (lane == nil ? writer : readers).start(named: lane.map { "sqlite-\($0)" } ?? "sqlite-writer") {
                let connection: Connection
                do throws(DatabaseError) {
                    connection = try Connection(path: path, access: lane == nil ? .readWrite : .readOnly, limit: TimeLimit(aborted))
                } catch {
                    opened.resume(returning: error)
                    return
                }
                opened.resume(returning: nil)
                if lane == nil { Writer(connection) { listeners.call() }.run(queue) } else { Reader(connection).run(queue) }
            }
        }
        if let failure {
            await close()
            throw failure
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
        await readers.join()
        // The writer's connection is the last: closing it folds the log into the file.
        writes.close()
        await writer.join()
    }

    public func abort() { aborted.raise() }
}
