internal import Glibc

/// A mutual exclusion that thread sanitizers understand; held for a few instructions, never across a call that may wait.
final class Lock: @unchecked Sendable {
    // SAFETY: the mutex is allocated once, never moved, and only used through pthread's own functions.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        mutex = .allocate(capacity: 1)
        let status = pthread_mutex_init(mutex, nil)
        precondition(status == 0, "pthread_mutex_init failed: \(status)")
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func withLock<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
