internal import Database
internal import Glibc
internal import Kernel
internal import Runtime

/// A thread's connection and the transactions it runs, one after the other.
final class Worker {
    enum Access {
        case readWrite
        case readOnly
    }

    private let url: String
    private let access: Access
    private let committed: () -> Void
    private var connection: Connection?
    /// In nanoseconds; until then one try has to do.
    private var quickUntil: UInt64 = 0
    static let tries = 5
    /// How long a transaction waits for a server that is gone.
    static let patience: UInt64 = 3_000_000_000

    /// - Parameter committed: called after each commit that flushed deferred writes.
    init(url: String, access: Access, committed: @escaping () -> Void) {
        (self.url, self.access, self.committed) = (url, access, committed)
    }

    func connect() throws(DatabaseError) { connection = try Connection(url: url) }

    /// Works until the queue is closed and empty.
    func run(_ queue: WorkQueue<PendingTransaction>) {
        while case .jobs(let jobs) = queue.take(upTo: 1) {
            for job in jobs { perform(job) }
        }
    }

    private func perform(_ job: PendingTransaction) {
        for attempt in 1...Self.tries {
            switch outcome(of: job, mayRetry: attempt < Self.tries) {
            case .settled: return
            case .again:
                // 0–2, 0–4, 0–8 … ms: two that met do not meet again.
                usleep(UInt32.random(in: 0..<(1000 << UInt32(attempt))))
            }
        }
    }

    private enum Outcome {
        /// The task has its answer.
        case settled
        case again
    }

    private func outcome(of job: PendingTransaction, mayRetry: Bool) -> Outcome {
        do {
            let connection = try connected()
            let transaction = Transaction(dialect: .postgres, runner: connection)
            let acknowledge: @Sendable () -> Void
            let deferred: [any DeferredWrite]
            do {
                try connection.command(access == .readWrite ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                acknowledge = try job.attempt(transaction)
                deferred = transaction.takeDeferred()
                if !deferred.isEmpty { try transaction.flush(deferred) }
            } catch {
                let cause = transaction.failure ?? (error as? DatabaseError)
                let isWorthAnother = connection.isLost || cause == .retry
                rollBack(connection, forgetting: cause == .retry)
                guard isWorthAnother else { throw error }
                guard mayRetry else {
                    throw DatabaseError.unavailable("\(Self.tries) tries met a deadlock or lost the connection: \(error)")
                }
                return .again
            }
            guard try commit(connection, mayRetry: mayRetry) else { return .again }
            acknowledge()
            if !deferred.isEmpty { committed() }
        } catch {
            job.fail(error)
        }
        return .settled
    }

    /// - Returns: false when the server rolled back and another try may do better.
    private func commit(_ connection: Connection, mayRetry: Bool) throws(DatabaseError) -> Bool {
        do throws(DatabaseError) {
            let tag = try connection.command("COMMIT")
            guard tag == "COMMIT" else { throw .other(code: 0, message: "COMMIT was answered by \(tag)") }
            return true
        } catch {
            if connection.isLost {
                self.connection = nil
                throw .unavailable("the connection was lost during COMMIT: whether the change was made is not known")
            }
            if error == .retry, mayRetry { return false }
            throw error
        }
    }

    private func rollBack(_ connection: Connection, forgetting: Bool) {
        do throws(DatabaseError) {
            try connection.command("ROLLBACK")
            if forgetting { try connection.forgetStatements() }
        } catch {
            // A connection that cannot roll back is of no more use; the server does so when it closes.
            self.connection = nil
        }
    }

    private func connected() throws(DatabaseError) -> Connection {
        if let connection, !connection.isLost { return connection }
        connection = nil
        let start = monotonicNanoseconds()
        var pause: UInt32 = 50_000
        while true {
            do throws(DatabaseError) {
                let opened = try Connection(url: url)
                connection = opened
                return opened
            } catch {
                let now = monotonicNanoseconds()
                guard start > quickUntil, now - start < Self.patience else {
                    quickUntil = now + 1_000_000_000
                    throw error
                }
                usleep(pause)
                pause = min(pause * 2, 1_000_000)
            }
        }
    }
}
