internal import Kernel
internal import Synchronization

/// Token buckets in bounded memory, spread over shards so that two loops seldom meet at a lock.
public final class RateLimit: Sendable {
    public struct Rule: Sendable {
        /// Requests a second, in the long run.
        public let rate: Double
        /// Requests at once after a rest.
        public let burst: Double

        public init(rate: Double, burst: Double) { (self.rate, self.burst) = (rate, burst) }
    }

    public struct Verdict: Sendable {
        public let isAllowed: Bool
        public let remaining: Int
        /// Seconds until one request is allowed again, at least 1 when refused.
        public let retryAfter: Int
    }

    private struct Bucket {
        var tokens: Double
        var touched: UInt64
        /// When it is full again, and as good as none.
        var fullAt: UInt64
    }

    private final class Shard: Sendable {
        let buckets = Mutex<[String: Bucket]>([:])
    }

    private static let maximumPerShard = 4096
    private let shards = (0..<16).map { _ in Shard() }

    public init() {}

    public func take(_ key: String, _ rule: Rule) -> Verdict { take(key, rule, now: monotonicNanoseconds()) }

    func take(_ key: String, _ rule: Rule, now: UInt64) -> Verdict {
        shards[Int(truncatingIfNeeded: UInt(bitPattern: key.hashValue) % 16)].buckets.withLock { buckets in
            if buckets.count >= Self.maximumPerShard, buckets[key] == nil { Self.sweep(&buckets, now) }
            var bucket = buckets[key] ?? Bucket(tokens: rule.burst, touched: now, fullAt: now)
            let elapsed = Double(now &- min(bucket.touched, now)) / 1e9
            bucket.tokens = min(rule.burst, bucket.tokens + elapsed * rule.rate)
            bucket.touched = now
            let isAllowed = bucket.tokens >= 1
            if isAllowed { bucket.tokens -= 1 }
            bucket.fullAt = now &+ UInt64((rule.burst - bucket.tokens) / rule.rate * 1e9)
            buckets[key] = bucket
            let wait = isAllowed ? 0 : max(1, Int(((1 - bucket.tokens) / rule.rate).rounded(.up)))
            return Verdict(isAllowed: isAllowed, remaining: Int(bucket.tokens), retryAfter: wait)
        }
    }

    /// How many keys are remembered.
    public var bucketCount: Int { shards.reduce(0) { $0 + $1.buckets.withLock { $0.count } } }

    /// Forgets the buckets that are full again; when most are not, a quarter of all, those touched longest ago: seldom enough that a flood of new
    /// keys costs each of them little.
    private static func sweep(_ buckets: inout [String: Bucket], _ now: UInt64) {
        buckets = buckets.filter { $0.value.fullAt > now }
        guard buckets.count > maximumPerShard / 4 * 3 else { return }
        let oldest = buckets.sorted { $0.value.touched < $1.value.touched }.prefix(maximumPerShard / 4)
        for (key, _) in oldest { buckets[key] = nil }
    }
}
