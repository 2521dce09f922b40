internal import Database
internal import Kernel
internal import Runtime

/// A connection that only reads, one snapshot a transaction.
final class Reader {
    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    /// Works until the queue is closed and empty.
    func run(_ queue: WorkQueue<PendingTransaction>) {
        while case .jobs(let jobs) = queue.take(upTo: 1) {
            for job in jobs { read(job) }
        }
    }

    private func read(_ job: PendingTransaction) {
        connection.limit.end = job.deadline
        defer { connection.limit.end = .max }
        do {
            guard !connection.limit.isOver else { throw connection.limit.error }
            _ = try connection.run("BEGIN")
            let transaction = Transaction(dialect: .sqlite, runner: connection)
            let acknowledge = try job.attempt(transaction)
            precondition(transaction.deferred.isEmpty, "a read left writes for its end")
            connection.limit.end = .max
            _ = try connection.run("COMMIT")
            acknowledge()
        } catch {
            connection.rollBack()
            job.fail(error)
        }
    }
}
