public import Database
public import Kernel

/// Where jobs are put: what a feature is given.
public final class JobQueue: Sendable {
    let database: any Database
    let clock: WallClock
    let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    public init(database: any Database, clock: WallClock = .system) {
        (self.database, self.clock) = (database, clock)
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Adds a job to a transaction; it is looked at as soon as that is committed.
    ///
    /// - Parameters:
    ///   - key: makes it the only one of its kind and key: added again it runs once, at the earlier of both times; nil for a job of its own.
    ///   - time: when it is due; nil for at once.
    public func enqueue(
        _ kind: String, key: String? = nil, at time: Timestamp? = nil, payload: JSON = [:], in transaction: Transaction
    ) throws {
        let now = clock.now()
        let unique = key ?? String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
        try JobTable.add(kind, unique, at: time ?? now, payload, now: now, in: transaction)
        transaction.afterCommit { [self] in wake() }
    }

    func wake() { waker.yield() }
}

extension Transaction {
    /// Adds a job that is due at once, or at a time, when this is committed.
    public func enqueue(
        _ kind: String, key: String? = nil, at time: Timestamp? = nil, payload: JSON = [:], on queue: JobQueue
    ) throws {
        try queue.enqueue(kind, key: key, at: time, payload: payload, in: self)
    }
}
