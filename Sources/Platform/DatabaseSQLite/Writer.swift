internal import Database
internal import Runtime

/// The one connection that writes: takes all that waits and commits it with one fsync.
final class Writer {
    private let connection: Connection
    private let committed: () -> Void
    static let groupLimit = 512
    /// 4 MB: a checkpoint that waits for nobody.
    static let passivePages = 1000
    /// 64 MB: a checkpoint that waits for the readers of the log.
    static let restartPages = 16_384
    /// From how many on: twice as many after readers held the log for the whole time that is waited for them, so that a long read slows few commits.
    private var restartsAt = Writer.restartPages

    /// - Parameter committed: called after each commit that flushed deferred writes.
    init(_ connection: Connection, committed: @escaping () -> Void) {
        (self.connection, self.committed) = (connection, committed)
    }

    /// Works until the queue is closed and empty.
    func run(_ queue: WorkQueue<PendingTransaction>) {
        var isOpen = true
        while isOpen {
            switch queue.take(upTo: Self.groupLimit, within: 1000) {
            case .jobs(let jobs):
                if jobs.count == 1 || !commitTogether(jobs) {
                    for job in jobs { commitAlone(job) }
                }
                if connection.pagesInLog >= Self.passivePages { checkpoint() }
            case .nothing: if connection.pagesInLog > 0 { connection.checkpoint(restart: false) }
            case .closed: isOpen = false
            }
        }
    }

    private func checkpoint() {
        guard connection.pagesInLog >= restartsAt else { return connection.checkpoint(restart: false) }
        connection.checkpoint(restart: true)
        restartsAt = connection.pagesInLog == 0 ? Self.restartPages : connection.pagesInLog * 2
    }

    /// Like a group of one, less the savepoint.
    private func commitAlone(_ job: PendingTransaction) {
        do {
            _ = try connection.run("BEGIN IMMEDIATE")
            let transaction = Transaction(dialect: .sqlite, runner: connection)
            let acknowledge = try attempt(job, transaction)
            let hasDeferred = try flush(transaction.deferred)
            _ = try connection.run("COMMIT")
            acknowledge()
            if hasDeferred { committed() }
        } catch {
            connection.rollBack()
            job.fail(error)
        }
    }

    /// One transaction with a savepoint for each job.
    /// - Returns: false when all was rolled back and nobody told, because what failed cannot be laid at one job's door: a deferred write, or an
    ///   error that ended the whole transaction.
    private func commitTogether(_ jobs: [PendingTransaction]) -> Bool {
        var acknowledgements: [@Sendable () -> Void] = []
        var failures: [(job: PendingTransaction, error: any Error)] = []
        var deferred: [any DeferredWrite] = []
        let hasDeferred: Bool
        do {
            _ = try connection.run("BEGIN IMMEDIATE")
            for job in jobs {
                _ = try connection.run("SAVEPOINT one")
                do {
                    let transaction = Transaction(dialect: .sqlite, runner: connection)
                    acknowledgements.append(try attempt(job, transaction))
                    deferred += transaction.deferred
                } catch {
                    failures.append((job, error))
                    _ = try connection.run("ROLLBACK TO one")
                }
                _ = try connection.run("RELEASE one")
            }
            hasDeferred = try flush(deferred)
        } catch {
            connection.rollBack()
            return false
        }
        do throws(DatabaseError) {
            _ = try connection.run("COMMIT")
        } catch {
            connection.rollBack()
            for job in jobs { job.fail(error) }
            return true
        }
        for acknowledge in acknowledgements { acknowledge() }
        // Only now: what a job was refused for may have been another's row, which has to be durable first.
        for failure in failures { failure.job.fail(failure.error) }
        if hasDeferred { committed() }
        return true
    }

    /// Runs the body within its deadline; a job whose deadline passed while it waited changes nothing.
    private func attempt(_ job: PendingTransaction, _ transaction: Transaction) throws -> @Sendable () -> Void {
        connection.limit.end = job.deadline
        defer { connection.limit.end = .max }
        guard !connection.limit.isOver else { throw connection.limit.error }
        return try job.attempt(transaction)
    }

    private func flush(_ deferred: [any DeferredWrite]) throws -> Bool {
        guard !deferred.isEmpty else { return false }
        try Transaction(dialect: .sqlite, runner: connection).flush(deferred)
        return true
    }
}
