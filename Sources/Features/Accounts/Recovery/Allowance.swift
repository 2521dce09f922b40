internal import Kernel
internal import Synchronization

/// So many at once for each key, then one an interval. Counts are this process's own.
final class Allowance: Sendable {
    private let burst: Int64
    /// Milliseconds.
    private let interval: Int64
    private static let maximumCount = 20_000

    /// When the allowance of a key is full again.
    private let fullAt = Mutex<[String: Int64]>([:])

    init(burst: Int64, intervalSeconds: Int64) { (self.burst, interval) = (burst, intervalSeconds * 1000) }

    /// Takes one.
    ///
    /// - Throws: 429.
    func take(_ key: String, now: Timestamp) throws(Problem) {
        let wait = wait(key, now)
        if wait > 0 { throw .tooManyRequests(retryAfter: Int((wait + 999) / 1000)) }
    }

    /// The same where the answer must not tell.
    func allows(_ key: String, now: Timestamp) -> Bool { wait(key, now) == 0 }

    /// Takes one, or says how many milliseconds it would be until there is one.
    private func wait(_ key: String, _ now: Timestamp) -> Int64 {
        fullAt.withLock { fullAt -> Int64 in
            if fullAt.count > Self.maximumCount { fullAt = fullAt.filter { $0.value > now.milliseconds } }
            let next = max(fullAt[key] ?? 0, now.milliseconds) + interval
            let excess = next - now.milliseconds - burst * interval
            if excess <= 0 { fullAt[key] = next }
            return max(0, excess)
        }
    }
}
