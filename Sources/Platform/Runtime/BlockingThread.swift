/// A thread of its own behind a bounded queue, for C that blocks.
///
/// Jobs run one after the other, in the order they came. The thread lives as long as its owner and finishes what is queued.
public final class BlockingThread: Sendable {
    private let queue: WorkQueue<@Sendable () -> Void>

    /// - Parameters:
    ///   - name: at most 15 bytes, for the kernel's list of threads.
    ///   - limit: how many jobs may wait.
    public init(named name: String, limit: Int) {
        let queue = WorkQueue<@Sendable () -> Void>(capacity: limit)
        self.queue = queue
        ThreadGroup().start(named: name) {
            while case .jobs(let jobs) = queue.take(upTo: 1) { for job in jobs { job() } }
        }
    }

    deinit { queue.close() }

    /// - Throws: when `limit` wait already; the job will not run then.
    public func enqueue(_ job: @escaping @Sendable () -> Void) throws(QueueRefusal) { try queue.submit(job) }

    /// Runs `body` there and gives what it returns.
    ///
    /// - Throws: `QueueRefusal` at the limit, or what `body` throws.
    public func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            do throws(QueueRefusal) {
                try enqueue { continuation.resume(with: Swift.Result { try body() }) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
