internal import Glibc

/// A thread of its own behind a bounded queue, for C that blocks.
///
/// Jobs run one after the other, in the order they came. The thread lives as long as its owner and finishes what is queued.
public final class BlockingThread: Sendable {
    private let queue: JobQueue

    /// - Parameter limit: how many jobs may wait.
    public init(limit: Int) {
        queue = JobQueue(limit: limit)
        queue.startThread()
    }

    deinit { queue.close() }

    /// - Returns: false when the queue is full; the job will not run then.
    public func enqueue(_ job: @escaping @Sendable () -> Void) -> Bool { queue.push(job) }

    /// Runs `body` there and gives what it returns.
    ///
    /// - Throws: `QueueFull` at the limit, or what `body` throws.
    public func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let isAccepted = enqueue { continuation.resume(with: Swift.Result { try body() }) }
            if !isAccepted { continuation.resume(throwing: QueueFull()) }
        }
    }

    public struct QueueFull: Error {
        public init() {}
    }
}

/// Jobs under a POSIX mutex and condition.
///
// SAFETY: `jobs` and `isClosed` are touched only with `mutex` held; the two POSIX objects have a stable address of their own.
private final class JobQueue: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [@Sendable () -> Void] = []
    private var isClosed = false
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(condition)
        mutex.deallocate()
        condition.deallocate()
    }

    func push(_ job: @escaping @Sendable () -> Void) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard jobs.count < limit, !isClosed else { return false }
        jobs.append(job)
        pthread_cond_signal(condition)
        return true
    }

    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// All that waits; nil once closed and empty.
    private func take() -> [@Sendable () -> Void]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while jobs.isEmpty && !isClosed { pthread_cond_wait(condition, mutex) }
        guard !jobs.isEmpty else { return nil }
        defer { jobs = [] }
        return jobs
    }

    func startThread() {
        var thread = pthread_t()
        let queue = Unmanaged.passRetained(self).toOpaque()
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let queue = Unmanaged<JobQueue>.fromOpaque(argument).takeRetainedValue()
                while let jobs = queue.take() { for job in jobs { job() } }
                return nil
            }, queue)
        precondition(status == 0, "no thread could be made: \(status)")
        pthread_detach(thread)
    }
}
