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
    private let limit: TimeLimit
    private let statementTimeout: Int
    /// In nanoseconds; until then one try has to do.
    private var quickUntil: UInt64 = 0
    static let tries = 5
    /// How long a transaction waits for a server that is gone.
    static let patience: UInt64 = 3_000_000_000
    /// How long it waits for a server that does not answer.
    static let connectTime: UInt64 = 5_000_000_000
    /// How long after a deadline the client goes on waiting: the server ends a statement itself then, and the connection stays.
    static let grace: UInt64 = 1_000_000_000

    /// - Parameters:
    ///   - statementTimeout: milliseconds after which the server ends a statement.
    ///   - committed: called after each commit that flushed deferred writes.
    init(url: String, access: Access, limit: TimeLimit, statementTimeout: Int, committed: @escaping () -> Void) {
        (self.url, self.access, self.limit, self.statementTimeout, self.committed) = (url, access, limit, statementTimeout, committed)
    }

    func connect() throws(DatabaseError) {
        let before = limit.end
        defer { limit.end = before }
        limit.end = min(before, monotonicNanoseconds() + Self.connectTime)
        connection = try Connection(url: url, limit: limit, statementTimeout: statementTimeout)
    }

    /// Works until the queue is closed and empty.
    func run(_ queue: WorkQueue<PendingTransaction>) {
        while case .jobs(let jobs) = queue.take(upTo: 1) {
            for job in jobs { perform(job) }
        }
    }

    private func perform(_ job: PendingTransaction) {
        for attempt in 1...Self.tries {
            limit.end = job.deadline
            guard !limit.isOver else { return job.fail(limit.error) }
            limit.end = job.deadline + Self.grace
            switch outcome(of: job, mayRetry: attempt < Self.tries && monotonicNanoseconds() < job.deadline) {
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
                let isWorthAnother = cause == .retry || (connection.isLost && !limit.isOver)
                rollBack(connection, forgetting: cause == .retry)
                // Another connection may find the server that takes writes.
                if case .readOnly = cause { self.connection = nil }
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
                try connect()
                if let connection { return connection }
            } catch {
                let now = monotonicNanoseconds()
                guard start > quickUntil, now - start < Self.patience, !limit.isOver else {
                    quickUntil = now + 1_000_000_000
                    throw error
                }
                usleep(pause)
                pause = min(pause * 2, 1_000_000)
            }
        }
    }
}
