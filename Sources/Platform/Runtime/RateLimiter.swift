public import Kernel
internal import Synchronization

/// Counts what each subject spends of named budgets, in bounded memory and by a clock that nobody can set.
///
/// A subject is what a budget belongs to: an address, a person, a mailbox. Counts are spread over shards so that two loops seldom meet at a lock.
public final class RateLimiter: Sendable {
    /// One draw on a budget by a subject.
    public struct Charge: Sendable {
        let budget: Budget
        let key: Key

        /// - Parameter subject: compared by its bytes; the server's own short text, not a client's.
        public init(_ budget: Budget, _ subject: String) {
            (self.budget, key) = (budget, Key(purpose: budget.purpose, subject: Array(subject.utf8)))
        }
    }

    /// What became of a draw.
    public struct Verdict: Sendable {
        public let isAllowed: Bool
        /// How many more are allowed at once.
        public let remaining: Int
        /// Seconds until one is allowed again, at least 1 when refused.
        public let retryAfter: Int
    }

    /// A counted try whose outcome is not known yet.
    public struct Attempt: Sendable {
        fileprivate let charges: [Charge]
    }

    struct Key: Hashable, Sendable {
        let purpose: String
        let subject: [UInt8]
    }

    private final class Shard: Sendable {
        let counts = Mutex<[Key: Count]>([:])
    }

    private static let maximumPerShard = 4096
    private let shards = (0..<16).map { _ in Shard() }
    private let uptime: @Sendable () -> Uptime

    public init(clock: WallClock = .system) { uptime = clock.uptime }

    /// Draws one, where the outcome does not matter.
    public func take(_ budget: Budget, _ subject: String) -> Verdict { hold(Charge(budget, subject), uptime().milliseconds) }

    /// Draws one of each.
    ///
    /// - Throws: 429 when one of them has none left; then nothing is drawn.
    public func spend(_ charges: Charge...) throws(Problem) { _ = try begin(charges) }

    /// Draws one of each where the answer must not tell whether there was one.
    public func allows(_ charges: Charge...) -> Bool { attempt(charges).attempt != nil }

    /// Counts a try before it is made; it is pending until `settle`.
    ///
    /// - Throws: 429 with the seconds to wait; a refused try costs nothing.
    public func begin(_ charges: [Charge]) throws(Problem) -> Attempt {
        let (attempt, wait) = attempt(charges)
        guard let attempt else { throw .tooManyRequests(retryAfter: wait) }
        return attempt
    }

    /// Says how a try ended.
    ///
    /// - Parameter succeeded: nil when it came to no verdict, which costs nothing, as success does.
    public func settle(_ attempt: Attempt, succeeded: Bool?) {
        let now = uptime().milliseconds
        for charge in attempt.charges {
            change(charge, now) { $0.settle(charge.budget, succeeded: succeeded, at: now) }
        }
    }

    /// How many subjects are remembered.
    public var count: Int { shards.reduce(0) { $0 + $1.counts.withLock { $0.count } } }

    private func attempt(_ charges: [Charge]) -> (attempt: Attempt?, wait: Int) {
        let now = uptime().milliseconds
        var (held, wait): ([Charge], Int) = ([], 0)
        for charge in charges {
            let verdict = hold(charge, now)
            if verdict.isAllowed { held.append(charge) } else { wait = max(wait, verdict.retryAfter) }
        }
        guard wait > 0 else { return (Attempt(charges: held), 0) }
        for charge in held { change(charge, now) { $0.settle(charge.budget, succeeded: nil, at: now) } }
        return (nil, wait)
    }

    private func hold(_ charge: Charge, _ now: Int64) -> Verdict {
        change(charge, now) { count in
            let wait = count.wait(charge.budget, at: now)
            if wait == 0 { count.draw(charge.budget, at: now) }
            return Verdict(isAllowed: wait == 0, remaining: count.remaining(charge.budget), retryAfter: Int((wait + 999) / 1000))
        }
    }

    private func change<Result>(_ charge: Charge, _ now: Int64, _ body: (inout Count) -> Result) -> Result {
        let shard = shards[Int(truncatingIfNeeded: UInt(bitPattern: charge.key.hashValue) % 16)]
        return shard.counts.withLock { counts in
            if counts.count >= Self.maximumPerShard, counts[charge.key] == nil { Self.sweep(&counts, now) }
            var count = counts[charge.key] ?? Count()
            let result = body(&count)
            counts[charge.key] = count.isForgotten(at: now) ? nil : count
            return result
        }
    }

    /// Drops the counts that are as good as none; when most are not, a quarter of all, those changed longest ago: seldom enough that a flood
    /// of new subjects costs each of them little.
    private static func sweep(_ counts: inout [Key: Count], _ now: Int64) {
        counts = counts.filter { !$0.value.isForgotten(at: now) }
        guard counts.count > maximumPerShard / 4 * 3 else { return }
        let oldest = counts.filter { $0.value.pending == 0 }.sorted { $0.value.changedAt < $1.value.changedAt }
        for (key, _) in oldest.prefix(maximumPerShard / 4) { counts[key] = nil }
    }
}
