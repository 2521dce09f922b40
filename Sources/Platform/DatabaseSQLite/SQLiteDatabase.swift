public import Database
internal import Glibc
internal import Runtime
internal import Synchronization

/// An SQLite file: one thread writes, a few read, each on a connection of its own.
///
/// WAL with `synchronous=FULL`: what `write` returned survives a power cut.
public final class SQLiteDatabase: Database {
    private let writes: WorkQueue<PendingTransaction>
    private let reads: WorkQueue<PendingTransaction>
    private let writer: ThreadGroup
    private let readers: ThreadGroup
    private let listeners: CommitListeners

    public var dialect: Dialect { .sqlite }

    /// Opens the file, or makes it, readable by its owner only.
    /// - Parameter queueLimit: beyond so many waiting writes (and as many reads) a call throws `unavailable`.
    public static func open(path: String, readers: Int = 2, queueLimit: Int = 2000) async throws(DatabaseError) -> SQLiteDatabase {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .other(code: Int(errno), message: "\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        Glibc.close(descriptor)
        let database = SQLiteDatabase(queueLimit: queueLimit)
        // The log must exist before a read-only connection can open it.
        try await database.start(.readWrite, path: path)
        for _ in 0..<readers { try await database.start(.readOnly, path: path) }
        return database
    }

    private init(queueLimit: Int) {
        writes = WorkQueue(capacity: queueLimit)
        reads = WorkQueue(capacity: queueLimit)
        writer = ThreadGroup()
        readers = ThreadGroup()
        listeners = CommitListeners()
    }

    deinit {
        reads.close()
        writes.close()
    }

    /// Starts a thread, which makes its connection; returns when that is open.
    private func start(_ access: Connection.Access, path: String) async throws(DatabaseError) {
        let (writes, reads, listeners) = (writes, reads, listeners)
        let failure: DatabaseError? = await withCheckedContinuation { opened in
            (access == .readWrite ? writer : readers).start(named: access == .readWrite ? "sqlite-writer" : "sqlite-reader") {
                let connection: Connection
                do throws(DatabaseError) {
                    connection = try Connection(path: path, access: access)
                } catch {
                    opened.resume(returning: error)
                    return
                }
                opened.resume(returning: nil)
                switch access {
                case .readWrite: Writer(connection) { listeners.call() }.run(writes)
                case .readOnly: Reader(connection).run(reads)
                }
            }
        }
        if let failure {
            await close()
            throw failure
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
        await readers.join()
        // The writer's connection is the last: closing it folds the log into the file.
        writes.close()
        await writer.join()
    }
}
