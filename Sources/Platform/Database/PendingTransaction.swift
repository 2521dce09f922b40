internal import Kernel
public import Runtime

/// A transaction's body that waits for a driver's thread, and the task that waits for its outcome.
public struct PendingTransaction: Sendable {
    /// Runs the body; may be called again after a rollback. What it returns tells the task that all went well: to be called after COMMIT.
    public let attempt: @Sendable (Transaction) throws -> @Sendable () -> Void
    /// Tells the task that nothing was changed.
    public let fail: @Sendable (any Error) -> Void
    /// Of the monotonic clock, in nanoseconds.
    public let deadline: UInt64

    /// - Parameter milliseconds: from now to the deadline.
    public init<Result: Sendable>(
        within milliseconds: Int, _ body: @escaping @Sendable (Transaction) throws -> Result,
        _ continuation: CheckedContinuation<Result, any Error>
    ) {
        deadline = monotonicNanoseconds() + UInt64(milliseconds) * 1_000_000
        attempt = { transaction in
            let result = try body(transaction)
            if let failure = transaction.failure { throw failure }
            let actions = transaction.takeCommittedActions()
            return {
                for action in actions { action() }
                continuation.resume(returning: result)
            }
        }
        fail = { continuation.resume(throwing: $0) }
    }
}

extension WorkQueue where Job == PendingTransaction {
    /// Puts the body in the queue and waits for its outcome; the task's executor stays free.
    public func perform<Result: Sendable>(
        within milliseconds: Int, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let job = PendingTransaction(within: milliseconds, body, continuation)
            do throws(QueueRefusal) {
                try submit(job)
            } catch {
                job.fail(DatabaseError(error))
            }
        }
    }
}

extension DatabaseError {
    init(_ refusal: QueueRefusal) {
        self =
            switch refusal {
            case .full(let count): .unavailable("\(count) transactions are waiting")
            case .closed: .unavailable("the database is closed")
            }
    }
}
